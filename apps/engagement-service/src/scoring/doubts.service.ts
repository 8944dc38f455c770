import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HoldsService } from './holds.service.js';

/** An activity that counts no more, and why. */
export interface Doubt {
  activityId: string;
  reason: string;
}

/** Reverses what activities have earned that turned out not to count. */
@Injectable()
export class DoubtsService {
  constructor(private readonly holds: HoldsService) {}

  /** Once for each entry. Throws while an activity has not come yet: events of two kinds overtake each other, and this one comes again. */
  async takeBack(manager: EntityManager, doubts: readonly Doubt[]): Promise<void> {
    const reasons = new Map(doubts.map(({ activityId, reason }) => [activityId.toLowerCase(), reason]));
    await mustBeKnown(manager, [...reasons.keys()]);
    const entries: { id: string; activityId: string; holdId: string | null }[] = await manager.query(
      `SELECT ledger.id, source_event_id AS "activityId", holds.id AS "holdId" FROM ledger
       LEFT JOIN holds ON holds.entry_id = ledger.id AND holds.state = 'held'
       WHERE source_event_id = ANY($1::uuid[]) AND kind = 'earn' ORDER BY ledger.id`,
      [[...reasons.keys()]],
    );
    for (const reason of new Set(reasons.values())) {
      const own = entries.filter(({ activityId }) => reasons.get(activityId) === reason);
      for (const { holdId } of own) if (holdId) await this.holds.reverseHeld(manager, { id: holdId }, reason);
      const free = own.filter(({ holdId }) => holdId === null);
      await this.holds.reverse(
        manager,
        free.map(({ id }) => id),
        reason,
      );
    }
  }
}

async function mustBeKnown(manager: EntityManager, ids: readonly string[]): Promise<void> {
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*) AS count FROM activities WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  const missing = ids.length - row!.count;
  if (missing > 0) throw new Error(`${missing} of ${ids.length} doubted activities have not come yet`);
}
