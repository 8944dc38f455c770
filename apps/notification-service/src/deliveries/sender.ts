import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, ENV, LOGGER, Pollers, newId, stableId, traceFrom, withTrace } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import type { Env } from '../env.js';
import {
  LEASE_SECONDS,
  claimDue,
  nextDue,
  releaseClaims,
  renewClaims,
  storeSettlements,
  takeAbandoned,
} from './claims.query.js';
import type { Settled } from './claims.query.js';
import { settle, settleUnknown } from './delivery.js';
import type { ClaimedDelivery } from './delivery.js';
import { Letters } from './letters.js';
import { Mailer } from './mailer.js';

const BATCH = 100;
const STORE_TRIES = 20;
const STORE_PAUSE_MS = 500;

/**
 * Carries out deliveries: claim (committed), write, send, store the results.
 * A crash in between leaves rows in `sending`; they are found, repeated once with the same Message-ID, and then ambiguous.
 */
@Injectable()
export class Sender implements OnModuleInit {
  private poller!: Poller;
  private readonly name: string;
  /** Two processes cannot listen on one port of one host, so rows under our own name are from an earlier life of ours. */
  private formerSelf: string | null;

  constructor(
    private readonly database: DataSource,
    private readonly letters: Letters,
    private readonly mailer: Mailer,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
    @Inject(ENV) env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.name = env.PORT === 0 ? newId() : `${hostname()}:${env.PORT}`;
    this.formerSelf = this.name;
  }

  onModuleInit(): void {
    this.poller = this.pollers.add({
      name: 'mail',
      work: () => this.work(),
      nextDue: () => nextDue(this.database.manager),
    });
  }

  /** There may be something to send. An arrow, so that `afterCommit` knows it as one. */
  readonly hint = (): void => this.poller.hint();

  /** Takes over what was abandoned, then carries out one batch; returns how many deliveries moved. */
  async work(): Promise<number> {
    const recovered = await this.recover();
    const batch = await this.database.transaction((manager) =>
      claimDue(manager, this.name, this.clock.now(), BATCH),
    );
    if (batch.length > 0) await this.whileClaimed(batch, () => this.carryOut(batch));
    return recovered + batch.length;
  }

  private async recover(): Promise<number> {
    const count = await this.database.transaction(async (manager) => {
      const abandoned = await takeAbandoned(manager, this.formerSelf);
      const reason = 'the process stopped between sending and noting the result';
      const settled = abandoned.map((row) => ({
        id: row.id,
        ...settleUnknown(row, reason, this.clock.now()),
      }));
      if (settled.length > 0) await storeSettlements(manager, settled, this.clock.now(), null);
      return settled.length;
    });
    this.formerSelf = null;
    if (count > 0)
      this.logger.warn({ deliveries: count }, 'deliveries were found in flight without an owner');
    return count;
  }

  private async whileClaimed(batch: readonly ClaimedDelivery[], work: () => Promise<void>): Promise<void> {
    const ids = batch.map(({ id }) => id);
    const renew = (): void => {
      renewClaims(this.database.manager, this.name, ids).catch((error: Error) =>
        this.logger.warn({ err: error }, 'claims were not renewed'),
      );
    };
    const timer = setInterval(renew, (LEASE_SECONDS * 1000) / 4);
    await work().finally(() => clearInterval(timer));
  }

  private async carryOut(batch: ClaimedDelivery[]): Promise<void> {
    const written = await this.letters.write(batch).catch(async (error: unknown) => {
      const ids = batch.map(({ id }) => id);
      await releaseClaims(this.database.manager, this.name, ids);
      throw error;
    });
    const outcomes = await Promise.all(
      written.map((item) => ('mail' in item ? this.mailer.send(item.mail) : Promise.resolve(item.outcome))),
    );
    const now = this.clock.now();
    await this.storeForSure(
      batch,
      batch.map((delivery, index) => ({ id: delivery.id, ...settle(delivery, outcomes[index]!, now) })),
    );
  }

  /** Mails are out: losing the result would send them again, so a database that is away is waited for. */
  private async storeForSure(batch: readonly ClaimedDelivery[], settled: readonly Settled[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.database.transaction((manager) => this.store(manager, batch, settled));
      } catch (error) {
        if (tries === STORE_TRIES) throw error;
        this.logger.warn(
          { err: error, deliveries: batch.length },
          'results of sent mails were not stored; trying again',
        );
        await new Promise((resolve) => setTimeout(resolve, STORE_PAUSE_MS));
      }
    }
  }

  private async store(
    manager: EntityManager,
    batch: readonly ClaimedDelivery[],
    settled: readonly Settled[],
  ): Promise<void> {
    const stored = await storeSettlements(manager, settled, this.clock.now(), this.name);
    const results = new Map(settled.map((row) => [row.id, row]));
    for (const [traceparent, deliveries] of groupByTrace(batch.filter(({ id }) => stored.has(id)))) {
      const events = deliveries.flatMap((delivery) => eventOf(delivery, results.get(delivery.id)!));
      await withTrace(traceFrom(traceparent), () => this.outbox.add(manager, events));
      withTrace(traceFrom(traceparent), () => this.log(deliveries, results));
    }
  }

  private log(deliveries: readonly ClaimedDelivery[], results: ReadonlyMap<string, Settled>): void {
    for (const { id, template } of deliveries)
      this.logger.debug({ deliveryId: id, template, state: results.get(id)!.state }, 'delivery');
  }
}

/** What a delivery causes carries the trace of the request that asked for it. */
function groupByTrace(deliveries: readonly ClaimedDelivery[]): Map<string | undefined, ClaimedDelivery[]> {
  const groups = new Map<string | undefined, ClaimedDelivery[]>();
  for (const delivery of deliveries) {
    const key = delivery.traceparent ?? undefined;
    groups.set(key, [...(groups.get(key) ?? []), delivery]);
  }
  return groups;
}

/** An ambiguous delivery tells nothing: nobody knows. */
function eventOf(
  { id, intentKey, personId, template, resends }: ClaimedDelivery,
  { state, reason }: Settled,
): NewEvent[] {
  const data = { deliveryId: id, intentKey, personId, template };
  const told = (type: string): { id: string } => ({ id: stableId(type, id, String(resends)) });
  if (state === 'sent') return [event('notification.sent', data, told('notification.sent'))];
  if (state !== 'failed' && state !== 'suppressed') return [];
  return [event('notification.failed', { ...data, reason: reason ?? state }, told('notification.failed'))];
}
