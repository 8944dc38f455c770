import type { EntityManager } from 'typeorm';

const BATCH = 1_000;

/** Nothing of a run that has ended is heard, told or asked again. */
const ALIVE = `status IN ('new', 'waiting', 'expanding', 'queued')`;

/** What was kept for a time that is over, by what it belongs to. Returns how many rows went. */
export async function pruneLeftovers(manager: EntityManager, before: Date, now: Date): Promise<number> {
  let gone = 0;
  for (const [table, old, than] of [
    [
      'calls',
      `state = 'done' AND created_at < $1 AND NOT EXISTS (SELECT FROM runs WHERE runs.id = run_id)`,
      before,
    ],
    [
      'deferred_events',
      `$1::timestamptz IS NOT NULL AND NOT EXISTS (SELECT FROM runs WHERE runs.id = run_id AND ${ALIVE})`,
      now,
    ],
    ['survey_asks', `asked_at < $1`, before],
    ['throttles', `free_at < $1`, now],
    ['held_events', `failure IS NOT NULL AND occurred_at < $1`, before],
    ['workflow_moves', `finished_at < $1`, before],
    ['listening_versions', UNHEARD, before],
  ] as const) {
    const [, count]: [unknown, number] = await manager.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${old} LIMIT ${BATCH}))`,
      [than],
    );
    gone += count;
  }
  return gone;
}

/** Versions of long ago that are not in force and of which there is no run any more. */
const UNHEARD = `EXISTS (
    SELECT FROM workflow_versions v WHERE (v.workflow_id, v.version) = (listening_versions.workflow_id, listening_versions.version)
      AND v.published_at < $1
  ) AND NOT EXISTS (
    SELECT FROM workflows w WHERE w.id = listening_versions.workflow_id AND w.active_version = listening_versions.version
  ) AND NOT EXISTS (
    SELECT FROM runs r WHERE r.workflow_id = listening_versions.workflow_id AND r.version = listening_versions.version
  )`;
