import type { EntityManager } from 'typeorm';

/** What one batch changed. `metric` is null when it was people themselves who joined, moved or changed their mind. */
export interface ScoreChange {
  id: number;
  xid: string;
  metric: string | null;
  personIds: string[];
  amounts: number[];
  ats: Date[];
  /** Local days of a metric; points count by the instant. */
  days: string[] | null;
}

/** The changes somebody has not seen, and the transaction before which none can come any more. */
export interface Changes {
  horizon: string;
  changes: ScoreChange[];
}

/**
 * Changes of transactions from `horizon` on, without those seen: no one that commits late is skipped, however long it took.
 * Plan: index scan of score_changes_xid; without changes one index probe.
 */
export async function readChanges(
  manager: Pick<EntityManager, 'query'>,
  horizon: string | null,
  seen: readonly number[],
): Promise<Changes> {
  const rows: (ScoreChange & { horizon: string; id: number | null })[] = await manager.query(
    `SELECT h.horizon::text AS horizon, c.id, c.xid::text AS xid, c.metric, c.person_ids AS "personIds", c.amounts, c.ats,
       c.days::text[] AS days
     FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) h
     LEFT JOIN score_changes c ON c.xid >= COALESCE($1::xid8, h.horizon) AND c.id <> ALL($2::bigint[])
     ORDER BY c.id`,
    [horizon, seen],
  );
  return { horizon: rows[0]!.horizon, changes: rows.filter(({ id }) => id !== null) };
}

/** Forgets what every replica, and the challenges, have long seen; of real time, as no rule hangs on it. Returns how many rows went. */
export async function pruneChanges(manager: Pick<EntityManager, 'query'>, limit: number): Promise<number> {
  const [, count]: [object[], number] = await manager.query(
    `DELETE FROM score_changes WHERE id IN (
       SELECT id FROM score_changes WHERE at_real < clock_timestamp() - interval '1 hour'
         AND xid < (SELECT horizon FROM challenge_follower) ORDER BY id LIMIT $1)`,
    [limit],
  );
  return count;
}
