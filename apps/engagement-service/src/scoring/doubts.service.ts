import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HoldsService } from './holds.service.js';

/** An activity that counts no more, and why. */
export interface Doubt {
  activityId: string;
  personId: string;
  reason: string;
}

/** Reverses what activities have earned that turned out not to count. */
@Injectable()
export class DoubtsService {
  constructor(private readonly holds: HoldsService) {}

  /**
   * Once for each entry; what a share has earned beside its own activity (its confirmation) goes with it. Throws while an activity has not
   * come yet: events of two kinds overtake each other, and this one comes again.
   */
  async takeBack(manager: EntityManager, doubts: readonly Doubt[]): Promise<void> {
    const reasons = new Map(doubts.map(({ activityId, reason }) => [activityId.toLowerCase(), reason]));
    const people = new Map(doubts.map(({ activityId, personId }) => [activityId.toLowerCase(), personId]));
    await mustBeKnown(manager, [...reasons.keys()]);
    const entries: { id: string; of: string; holdId: string | null }[] = await manager.query(
      `WITH given AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS g(id, person_id)
       ), doubted AS (
         SELECT id, id AS "of", a.occurred_at FROM given JOIN activities a USING (id)
         UNION SELECT a.id, given.id, a.occurred_at FROM given
           JOIN activities a ON a.person_id = given.person_id AND a.object_id = given.id::text AND a.type = 'share.confirmed'
       )
       SELECT ledger.id, "of", holds.id AS "holdId" FROM doubted
       JOIN ledger ON ledger.source_event_id = doubted.id AND ledger.occurred_at = doubted.occurred_at
         AND rule NOT LIKE 'reward:%' AND kind <> 'expire' -- as ledger_scores has it
       LEFT JOIN holds ON holds.entry_id = ledger.id AND holds.state = 'held'
       WHERE kind IN ('earn', 'adjust') ORDER BY ledger.id`,
      [[...reasons.keys()], [...reasons.keys()].map((id) => people.get(id))],
    );
    for (const reason of new Set(reasons.values())) {
      const own = entries.filter(({ of }) => reasons.get(of) === reason);
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
