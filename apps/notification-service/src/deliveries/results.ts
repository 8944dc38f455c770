import { Inject, Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError } from 'typeorm';
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

const STORE_PAUSE_MS = 500;

/** What became of a delivery, and the address of its person when there is no such mailbox. */
export interface Result {
  delivery: ClaimedDelivery;
  settled: Settled;
  gone?: (Gone & { personId: string }) | undefined;
}

/** Writes down how deliveries ended and tells the other services, in one transaction. */
@Injectable()
export class Results {
  private ended = false;

  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly suppressions: Suppressions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Mails are out: losing the result would send them again, so a database that is away is waited for until the process ends.
   * What it refuses because of what stands in a row is noted one by one, so that this row takes no other with it.
   */
  async note(owner: string, results: readonly Result[]): Promise<void> {
    for (;;) {
      try {
        return await this.database.transaction((manager) => this.store(manager, owner, results));
      } catch (error) {
        const refused = isOfTheRow(error);
        if (refused && results.length > 1) return this.oneByOne(owner, results);
        if (refused || this.ended) return this.lose(error as Error, results);
        const about = { err: error as Error, deliveries: results.length };
        this.logger.warn(about, 'results of sent mails were not stored; trying again');
        await new Promise((resolve) => setTimeout(resolve, STORE_PAUSE_MS));
      }
    }
  }

  /** The process ends: what cannot be noted now is not. */
  end(): void {
    this.ended = true;
  }

  private async oneByOne(owner: string, results: readonly Result[]): Promise<void> {
    for (const result of results) await this.note(owner, [result]);
  }

  /** The claims run out, and whoever finds them then treats the mails as sent or not sent, nobody knows. */
  private lose(err: Error, results: readonly Result[]): void {
    const ids = results.map(({ delivery }) => delivery.id);
    this.logger.error({ err, deliveries: ids }, 'results are lost');
  }

  private async store(manager: EntityManager, owner: string, results: readonly Result[]): Promise<void> {
    const settled = results.map((result) => result.settled);
    const stored = await storeSettlements(manager, settled, this.clock.now(), owner);
    const noted = results.filter(({ delivery }) => stored.has(delivery.id));
    await this.outbox.add(manager, noted.flatMap(eventOf));
    await this.suppress(manager, results);
    for (const { delivery, settled: result } of noted)
      withTrace(traceFrom(delivery.traceparent ?? undefined), () => this.log(delivery, result));
  }

  /** An address that a server has called none is written to no more; it happens too seldom to be done together. */
  private async suppress(manager: EntityManager, results: readonly Result[]): Promise<void> {
    for (const { gone } of results) {
      if (!gone) continue;
      const { address: email, ...about } = gone;
      await this.suppressions.add(manager, { ...about, email, cause: 'hard_bounce', bounceId: null });
    }
  }

  private log({ id, template }: ClaimedDelivery, { state }: Settled): void {
    this.logger.debug({ deliveryId: id, template, state }, 'delivery');
  }
}

/** SQLSTATE 22 (data exception) and 23 (integrity): trying again changes nothing, as with a mistake of the program. */
function isOfTheRow(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return error instanceof TypeError || error instanceof RangeError;
  return /^2[23]/.test((error.driverError as { code?: string }).code ?? '');
}

/** An ambiguous delivery tells nothing: nobody knows. */
function eventOf({ delivery, settled: { state, reason } }: Result): NewEvent[] {
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
