import type { EntityManager } from 'typeorm';

/** A key of a workflow. */
export interface RunKey {
  workflowId: string;
  key: string;
}

const arraysOf = (keys: readonly RunKey[]): [string[], string[]] => [
  keys.map(({ workflowId }) => workflowId),
  keys.map(({ key }) => key),
];

/** The oldest queued run of each key that no living run holds. */
export async function oldestQueued(manager: EntityManager, keys: readonly RunKey[]): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS k(workflow_id, key)) k
     CROSS JOIN LATERAL (
       SELECT id, paused FROM runs WHERE runs.workflow_id = k.workflow_id AND runs.key = k.key AND status = 'queued'
       ORDER BY triggered_at, id LIMIT 1
     ) oldest
     WHERE NOT paused AND NOT EXISTS (SELECT FROM stops WHERE scope IN ('*', k.workflow_id)) AND NOT EXISTS (
       SELECT FROM runs alive WHERE alive.workflow_id = k.workflow_id AND alive.key = k.key AND alive.parent_id IS NULL
         AND alive.key IS NOT NULL AND alive.status IN ('new', 'waiting', 'expanding')
     )`,
    arraysOf(keys),
  );
  return rows.map(({ id }) => id);
}

/** The living runs of these keys, locked: none of them ends before the caller has committed. */
export async function lockAlive(
  manager: EntityManager,
  keys: readonly RunKey[],
): Promise<(RunKey & { id: string; triggeredAt: Date })[]> {
  return manager.query(
    `SELECT id, workflow_id AS "workflowId", key, triggered_at AS "triggeredAt" FROM runs
     WHERE (workflow_id, key) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND parent_id IS NULL AND key IS NOT NULL
       AND status IN ('new', 'waiting', 'expanding') ORDER BY id FOR UPDATE`,
    arraysOf(keys),
  );
}

/** Keys with queued runs that nobody calls because the run before them ended out of turn. */
export async function stranded(manager: EntityManager, limit: number): Promise<RunKey[]> {
  return manager.query(
    `SELECT DISTINCT workflow_id AS "workflowId", key FROM runs q WHERE status = 'queued' AND NOT paused
       AND NOT EXISTS (SELECT FROM stops WHERE scope IN ('*', q.workflow_id)) AND NOT EXISTS (
       SELECT FROM runs alive WHERE alive.workflow_id = q.workflow_id AND alive.key = q.key AND alive.parent_id IS NULL
         AND alive.key IS NOT NULL AND alive.status IN ('new', 'waiting', 'expanding')
     ) ORDER BY 1, 2 LIMIT $1`,
    [limit],
  );
}

/** Starts of the same keys take turns, so that none slips in while the next of a queue is being called. */
export async function lockQueues(manager: EntityManager, keys: readonly RunKey[]): Promise<void> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(7302, bucket) FROM (
       SELECT DISTINCT abs(hashtext(workflow_id || '|' || key) % 512) AS bucket
       FROM unnest($1::text[], $2::text[]) AS k(workflow_id, key) ORDER BY 1
     ) buckets`,
    arraysOf(keys),
  );
}
