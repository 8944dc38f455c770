import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, LOGGER, stableId, traceFrom, withTrace } from '#libs/platform';
import type { Logger } from '#libs/platform';
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
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Mails are out: losing the result would send them again, so a database that is away is waited for. */
  async note(owner: string, batch: readonly ClaimedDelivery[], settled: readonly Settled[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.database.transaction((manager) => this.store(manager, owner, batch, settled));
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
