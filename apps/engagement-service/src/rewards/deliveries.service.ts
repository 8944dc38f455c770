import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, ENV, Pollers } from '#libs/platform';
import type { Env } from '../env.js';
import { makeCall } from '../webhooks/caller.js';
import * as query from './deliveries.query.js';
import type { Delivery } from './deliveries.query.js';
import { RewardsService } from './rewards.service.js';
import { findClaim, lockClaim } from './rewards.query.js';

const MINUTE = 60_000;
/** After the last of them a person has to hand the reward over. */
const PAUSES_MS = [1, 5, 30, 120, 720].map((minutes) => minutes * MINUTE);

const AT_ONCE = 20;
/** Longer than a call may take: what a killed process was at is called again, under the same webhook-id, after this. */
const LEASE_S = 30;

/**
 * Calls the systems that hand rewards over, signed as Standard Webhooks say. The claim's id is the webhook-id, so that a call made
 * twice is known as one; an answer of 2xx means that the reward is handed over.
 */
@Injectable()
export class DeliveriesService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly rewards: RewardsService,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    @Inject(ENV) private readonly env: Pick<Env, 'LAUREL_SECRET' | 'ENGAGEMENT_ALLOW_HOSTS'>,
  ) {}

  onModuleInit(): void {
    const poller = this.pollers.add({
      name: 'reward deliveries',
      work: () => this.work(),
      nextDue: () => query.nextDelivery(this.database.manager),
    });
    this.rewards.onApproved(() => poller.hint());
  }

  private async work(): Promise<number> {
    const lease = { limit: AT_ONCE, seconds: LEASE_S };
    const due = await query.leaseDeliveries(this.database.manager, this.clock.now(), lease);
    await Promise.all(due.map((delivery) => this.make(delivery)));
    return due.length;
  }

  private async make(delivery: Delivery): Promise<void> {
    const claim = await findClaim(this.database.manager, delivery.claimId);
    // Handed over by a person while it was being tried before.
    if (claim?.state !== 'approved') return this.forgo(delivery);
    const error = await this.call(delivery);
    await this.database.transaction((own) => this.settle(own, delivery, error));
  }

  private async forgo(delivery: Delivery): Promise<void> {
    const outcome = { state: 'cancelled', nextAt: this.clock.now(), error: null } as const;
    await query.settleDelivery(this.database.manager, delivery, outcome);
  }

  private async settle(manager: EntityManager, delivery: Delivery, error: string | null): Promise<void> {
    const { claimId } = delivery;
    const state = await lockClaim(manager, claimId);
    const settled = await query.settleDelivery(manager, delivery, this.outcomeOf(delivery, error));
    if (!settled || error !== null || state === 'fulfilled') return;
    if (!(await this.rewards.fulfil(manager, claimId)))
      throw new Error(`the reward of claim ${claimId} was handed over, but the claim is ${state}`);
  }

  private async call({ claimId, url, body }: Delivery): Promise<string | null> {
    const { LAUREL_SECRET: secret, ENGAGEMENT_ALLOW_HOSTS: allowHosts } = this.env;
    const at = this.clock.now();
    const { error } = await makeCall({ url, body, webhookId: claimId }, { secret, allowHosts, at });
    return error;
  }

  private outcomeOf(
    { attempts }: Delivery,
    error: string | null,
  ): Parameters<typeof query.settleDelivery>[2] {
    const pause = PAUSES_MS[attempts];
    const nextAt = new Date(this.clock.now().getTime() + (pause ?? 0));
    if (error === null) return { state: 'done', nextAt, error };
    return { state: pause === undefined ? 'failed' : 'open', nextAt, error };
  }
}
