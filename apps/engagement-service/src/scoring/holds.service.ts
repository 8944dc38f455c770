import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { LevelsService } from '../levels/levels.service.js';
import { answerEntries, insertHolds, noteAppeal, openEntries, settleHolds } from './holds.query.js';
import type { Hold, HoldAsk } from './holds.query.js';

/**
 * Points in doubt: set aside, then given back or taken back for good, each with its reason. The ledger only grows:
 * a hold, a release and a reversal are entries of their own, dated as the gain they answer.
 */
@Injectable()
export class HoldsService {
  constructor(
    private readonly levels: LevelsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Sets gains aside under a key that names them later; what is held or taken back already stays as it is. */
  async hold(
    manager: EntityManager,
    key: string,
    entryIds: readonly string[],
    reason: string,
  ): Promise<number> {
    const asks = [...new Set(entryIds)].map((entryId) => ({ key, entryId, reason, cause: null }));
    return this.holdEach(manager, asks);
  }

  /** Sets gains aside, each with a key and a reason of its own; the first of several reasons for one entry holds it. */
  async holdEach(manager: EntityManager, asks: readonly HoldAsk[]): Promise<number> {
    if (asks.length === 0) return 0;
    const now = this.clock.now();
    const holds = await insertHolds(manager, asks, now);
    await answerEntries(manager, 'hold', holds, '', now);
    await this.tell(manager, holds, (hold) => told('points.held', hold, hold.reason));
    return holds.length;
  }

  /** The person says why the points are right; told to whoever reviews. False when nothing is held, or an appeal is there already. */
  async appeal(manager: EntityManager, id: string, reason: string): Promise<boolean> {
    const hold = await noteAppeal(manager, id, reason, this.clock.now());
    if (hold) await this.tell(manager, [hold], (item) => appealed(item, reason));
    return hold !== null;
  }

  /** Gives back what is held under a key, or one hold by its id. */
  async release(
    manager: EntityManager,
    which: { key: string } | { id: string },
    reason: string,
  ): Promise<number> {
    const now = this.clock.now();
    const holds = await settleHolds(manager, which, { state: 'released', reason, now });
    await answerEntries(manager, 'release', holds, reason, now);
    await this.tell(manager, holds, (hold) => told('points.released', hold, reason));
    await this.levels.reach(
      manager,
      holds.map(({ personId }) => ({ personId, occurredAt: now })),
    );
    return holds.length;
  }

  /** Takes held points back for good: the hold ends and the gain is reversed. */
  async reverseHeld(
    manager: EntityManager,
    which: { key: string } | { id: string },
    reason: string,
  ): Promise<number> {
    const now = this.clock.now();
    const holds = await settleHolds(manager, which, { state: 'reversed', reason, now });
    await answerEntries(manager, 'release', holds, reason, now);
    return this.takeBack(manager, holds, reason, { now, held: true });
  }

  /** Takes gains back that are not held. */
  async reverse(manager: EntityManager, entryIds: readonly string[], reason: string): Promise<number> {
    const entries = await openEntries(manager, [...new Set(entryIds)]);
    return this.takeBack(manager, entries, reason, { now: this.clock.now(), held: false });
  }

  private async takeBack(
    manager: EntityManager,
    holds: readonly Hold[],
    reason: string,
    { now, held }: { now: Date; held: boolean },
  ): Promise<number> {
    await answerEntries(manager, 'reverse', holds, reason, now);
    await this.tell(manager, holds, ({ id, entryId, personId, points }) =>
      event(
        'points.reversed',
        { personId, points, reason, ...(held && { holdId: id }) },
        { id: stableId('points.reversed', entryId) },
      ),
    );
    return holds.length;
  }

  private async tell<H extends Hold>(
    manager: EntityManager,
    holds: readonly H[],
    tell: (hold: H) => NewEvent,
  ): Promise<void> {
    if (holds.length > 0) await this.outbox.add(manager, holds.map(tell));
  }
}

function told(type: 'points.held' | 'points.released', hold: Hold, reason: string): NewEvent {
  const { id: holdId, personId, points } = hold;
  return event(type, { holdId, personId, points, reason }, { id: stableId(type, holdId) });
}

function appealed(
  { id: holdId, personId, points, reason: holdReason }: Hold & { reason: string },
  reason: string,
): NewEvent {
  const data = { holdId, personId, points, reason, holdReason };
  return event('points.appealed', data, { id: stableId('points.appealed', holdId) });
}
