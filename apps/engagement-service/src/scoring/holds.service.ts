import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { answerEntries, insertHolds, openEntries, settleHolds } from './holds.query.js';
import type { Hold } from './holds.query.js';

/**
 * Points in doubt: set aside, then given back or taken back for good, each with its reason. The ledger only grows:
 * a hold, a release and a reversal are entries of their own, dated as the gain they answer.
 */
@Injectable()
export class HoldsService {
  constructor(
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
    const now = this.clock.now();
    const holds = await insertHolds(manager, { key, entryIds, reason, now });
    await answerEntries(manager, 'hold', holds, reason, now);
    await this.tell(manager, holds, (hold) => told('points.held', hold, reason));
    return holds.length;
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
    return this.takeBack(manager, holds, reason, now);
  }

  /** Takes gains back that are not held. */
  async reverse(manager: EntityManager, entryIds: readonly string[], reason: string): Promise<number> {
    const entries = await openEntries(manager, [...new Set(entryIds)]);
    return this.takeBack(manager, entries, reason, this.clock.now());
  }

  private async takeBack(
    manager: EntityManager,
    holds: readonly Hold[],
    reason: string,
    now: Date,
  ): Promise<number> {
    await answerEntries(manager, 'reverse', holds, reason, now);
    await this.tell(manager, holds, ({ entryId, personId, points }) =>
      event('points.reversed', { personId, points, reason }, { id: stableId('points.reversed', entryId) }),
    );
    return holds.length;
  }

  private async tell(
    manager: EntityManager,
    holds: readonly Hold[],
    tell: (hold: Hold) => NewEvent,
  ): Promise<void> {
    if (holds.length > 0) await this.outbox.add(manager, holds.map(tell));
  }
}

function told(type: 'points.held' | 'points.released', hold: Hold, reason: string): NewEvent {
  const { id: holdId, personId, points } = hold;
  return event(type, { holdId, personId, points, reason }, { id: stableId(type, holdId) });
}
