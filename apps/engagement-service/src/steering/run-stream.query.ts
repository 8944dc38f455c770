import type { EntityManager } from 'typeorm';

/** A turn of a run, as the live stream tells of it. */
export interface Change {
  seq: number;
  runId: string;
  rootId: string;
  workflow: string | null;
  personId: string | null;
  /** How the run stands now; null for a branch that ended at once and left no row. */
  status: string | null;
  step: string | null;
  outcome: string;
  reason: string;
  at: Date;
}

/** The number of the last turn that was begun. */
export async function lastSeq(manager: EntityManager): Promise<number> {
  const [row]: { seq: number }[] = await manager.query(`SELECT last_value AS seq FROM run_turns_seq`);
  return row!.seq;
}

/** Transactions under way: none with a number below `oldest`, and none from `next` on has begun. */
export async function transactions(manager: EntityManager): Promise<{ oldest: number; next: number }> {
  const [row]: { oldest: number; next: number }[] = await manager.query(
    `SELECT pg_snapshot_xmin(s)::text::bigint AS oldest, pg_snapshot_xmax(s)::text::bigint AS next
     FROM pg_current_snapshot() AS s`,
  );
  return row!;
}

/** Turns after one up to another, in order. The last line of a turn says what came of it. */
export function readChanges(
  manager: EntityManager,
  after: number,
  upTo: number,
  limit: number,
): Promise<Change[]> {
  return manager.query(
    `SELECT t.seq, t.run_id AS "runId", t.root_id AS "rootId", COALESCE(r.workflow_id, root.workflow_id) AS workflow,
       r.person_id AS "personId", r.status, t.lines->-1->>'stepId' AS step, t.lines->-1->>'outcome' AS outcome,
       t.lines->-1->>'reason' AS reason, t.at
     FROM (SELECT * FROM run_turns WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3) t
     LEFT JOIN runs r ON r.id = t.run_id LEFT JOIN runs root ON root.id = t.root_id ORDER BY t.seq`,
    [after, upTo, limit],
  );
}
