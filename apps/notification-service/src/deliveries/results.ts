import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, LOGGER, stableId, traceFrom, withTrace } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { Suppressions } from '../bounces/suppressions.service.js';
import type { Gone } from '../channels/channel.js';
import { storeSettlements } from './claims.query.js';
import type { Settled } from './claims.query.js';
import type { ClaimedDelivery } from './delivery.js';

const STORE_TRIES = 20;
const STORE_PAUSE_MS = 500;

/** Writes down how deliveries ended and tells the other services, in one transaction. */
@Injectable()
export class Results {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly suppressions: Suppressions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Mails are out: losing the result would send them again, so a database that is away is waited for. */
  async note(
    owner: string,
    batch: readonly ClaimedDelivery[],
    settled: readonly Settled[],
    gone: readonly (Gone & { personId: string })[],
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.database.transaction(async (manager) => {
          await this.store(manager, owner, batch, settled);
          await this.suppress(manager, gone);
        });
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
    owner: string,
    batch: readonly ClaimedDelivery[],
    settled: readonly Settled[],
  ): Promise<void> {
    const stored = await storeSettlements(manager, settled, this.clock.now(), owner);
    const results = new Map(settled.map((row) => [row.id, row]));
    const noted = batch.filter(({ id }) => stored.has(id));
    await this.outbox.add(
      manager,
      noted.flatMap((delivery) => eventOf(delivery, results.get(delivery.id)!)),
    );
    for (const delivery of noted)
      withTrace(traceFrom(delivery.traceparent ?? undefined), () => this.log(delivery, results));
  }

  /** An address that a server has called none is written to no more; it happens too seldom to be done together. */
  private async suppress(
    manager: EntityManager,
    gone: readonly (Gone & { personId: string })[],
  ): Promise<void> {
    for (const { address: email, ...about } of gone)
      await this.suppressions.add(manager, { ...about, email, cause: 'hard_bounce', bounceId: null });
  }

  private log({ id, template }: ClaimedDelivery, results: ReadonlyMap<string, Settled>): void {
    this.logger.debug({ deliveryId: id, template, state: results.get(id)!.state }, 'delivery');
  }
}

/** An ambiguous delivery tells nothing: nobody knows. */
function eventOf(delivery: ClaimedDelivery, { state, reason }: Settled): NewEvent[] {
  if (state === 'sent') return [told(delivery, 'sent', {})];
  if (state !== 'failed' && state !== 'suppressed') return [];
  return [told(delivery, 'failed', { reason: reason ?? state })];
}

function told(delivery: ClaimedDelivery, how: 'sent' | 'failed', more: { reason?: string }): NewEvent {
  const { id, intentKey, personId, channel, template, resends } = delivery;
  const type = personId === null ? (`post.${how}` as const) : (`notification.${how}` as const);
  const about = { deliveryId: id, intentKey, template, ...more };
  const data = personId === null ? { ...about, channel } : { ...about, personId };
  // What a delivery causes carries the trace of the request that asked for it.
  const under = delivery.traceparent ?? undefined;
  return event(type, data as never, { id: stableId(type, id, String(resends)), ...(under && { under }) });
}
