import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { noteDoubts } from './doubts.query.js';
import type { Doubted } from './doubts.query.js';
import { HoldsService } from './holds.service.js';
import { lockPeople } from './scoring.query.js';

/** An activity that counts no more, whose it was, and why. */
export interface Doubt extends Doubted {
  personId: string;
}

/** Reverses what activities have earned that turned out not to count, and remembers them: no rule gives anything for them again. */
@Injectable()
export class DoubtsService {
  constructor(private readonly holds: HoldsService) {}

  /**
   * Once for each entry; what a share has earned beside its own activity (its confirmation, also one that comes later) goes with it.
   * Throws while an activity has not come yet: events of two kinds overtake each other, and this one comes again.
   */
  async takeBack(manager: EntityManager, doubts: readonly Doubt[]): Promise<void> {
    const own = new Map(doubts.map((doubt) => [doubt.activityId.toLowerCase(), doubt]));
    await mustBeKnown(manager, [...own.keys()]);
    await lockPeople(manager, [...new Set(doubts.map(({ personId }) => personId.toLowerCase()))]);
    const doubted = await noteDoubts(
      manager,
      [...own].map(([activityId, { reason }]) => ({ activityId, reason })),
    );
    const entries = await entriesOf(manager, doubted);
    for (const reason of new Set(doubts.map((doubt) => doubt.reason)))
      await this.reverse(
        manager,
        entries.filter((entry) => own.get(entry.of)!.reason === reason),
        reason,
      );
  }

  private async reverse(manager: EntityManager, entries: readonly Entry[], reason: string): Promise<void> {
    for (const { holdId } of entries)
      if (holdId) await this.holds.reverseHeld(manager, { id: holdId }, reason);
    const free = entries.filter(({ holdId }) => holdId === null);
    await this.holds.reverse(
      manager,
      free.map(({ id }) => id),
      reason,
    );
  }
}

/** A gain of a doubted activity, and where it is held. */
interface Entry {
  id: string;
  of: string;
  holdId: string | null;
}

const entriesOf = (
  manager: EntityManager,
  doubted: readonly { id: string; of: string }[],
): Promise<Entry[]> =>
  manager.query(
    `SELECT ledger.id, "of", holds.id AS "holdId" FROM unnest($1::uuid[], $2::uuid[]) AS d(id, "of") JOIN activities a USING (id)
     JOIN ledger ON ledger.source_event_id = a.id AND ledger.occurred_at = a.occurred_at
       AND rule NOT LIKE 'reward:%' AND kind <> 'expire' -- as ledger_scores has it
     LEFT JOIN holds ON holds.entry_id = ledger.id AND holds.state = 'held'
     WHERE kind IN ('earn', 'adjust') ORDER BY ledger.id`,
    [doubted.map(({ id }) => id), doubted.map((item) => item.of)],
  );

async function mustBeKnown(manager: EntityManager, ids: readonly string[]): Promise<void> {
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*) AS count FROM activities WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  const missing = ids.length - row!.count;
  if (missing > 0) throw new Error(`${missing} of ${ids.length} doubted activities have not come yet`);
}
