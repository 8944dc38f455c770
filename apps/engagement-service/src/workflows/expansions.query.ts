import type { EntityManager } from 'typeorm';
import type { Item } from '#libs/workflow';

/** What a firing of a workflow with an audience needs to fan out. */
export interface AudienceFiring {
  id: string;
  version: { workflowId: string; version: number };
  audience: string;
  key: string | null;
  event: Record<string, unknown>;
  /** Only people of this zone, for schedules in the recipient's zone. */
  zone: string | null;
  triggeredAt: number;
}

/** A fan-out that is being worked off in pages: a for_each of a run, or the audience of a whole workflow. */
export interface Expansion {
  id: string;
  workflowId: string;
  version: number;
  runId: string | null;
  stepId: string | null;
  items: Item[] | null;
  audience: string | null;
  zone: string | null;
  key: string | null;
  event: Record<string, unknown> | null;
  triggeredAt: Date;
  cursor: string | null;
  seen: number;
  matched: number;
}

/** Not of what is stopped, nor of a run that is paused. */
const GOING = `NOT EXISTS (SELECT FROM stops WHERE scope IN ('*', expansions.workflow_id))
  AND NOT EXISTS (SELECT FROM runs held WHERE held.id = expansions.run_id AND held.paused)`;

/** The oldest open fan-out, locked. */
export async function claimOpen(manager: EntityManager): Promise<Expansion | null> {
  const [row]: Expansion[] = await manager.query(
    `SELECT id, workflow_id AS "workflowId", version, run_id AS "runId", step_id AS "stepId", items, audience, zone, key, event,
       triggered_at AS "triggeredAt", cursor, seen, matched
     FROM expansions WHERE state = 'open' AND ${GOING} ORDER BY created_at, id LIMIT 1 FOR UPDATE OF expansions SKIP LOCKED`,
  );
  return row ?? null;
}

/** Locks a fan-out that failed; false when another replica, which failed at the same place, has dealt with it since. */
export async function isStillAt(manager: EntityManager, { id, cursor }: Expansion): Promise<boolean> {
  const rows: object[] = await manager.query(
    `SELECT FROM expansions WHERE id = $1 AND state = 'open' AND cursor IS NOT DISTINCT FROM $2 FOR UPDATE`,
    [id, cursor],
  );
  return rows.length > 0;
}

/** Notes how far a fan-out has come; a kill goes on from here. */
export async function checkpoint(
  manager: EntityManager,
  id: string,
  progress: { cursor: string | null; seen: number; matched: number; state: 'open' | 'expanded' | 'settled' },
): Promise<void> {
  await manager.query(
    `UPDATE expansions SET cursor = $2, seen = seen + $3, matched = matched + $4, state = $5 WHERE id = $1`,
    [id, progress.cursor, progress.seen, progress.matched, progress.state],
  );
}

/** A fan-out of a run whose branches have all ended. */
export interface Settled {
  id: string;
  runId: string;
  stepId: string;
}

/** Fan-outs whose branches have all ended: their runs go on. */
export async function claimSettled(manager: EntityManager, limit: number): Promise<Settled[]> {
  return manager.query(
    `SELECT id, run_id AS "runId", step_id AS "stepId" FROM expansions
     WHERE state = 'expanded' AND NOT EXISTS (
       SELECT FROM runs WHERE runs.parent_id = expansions.run_id AND status IN ('new', 'waiting', 'expanding')
         -- A branch of an earlier for_each may live again by hand; this one does not wait for it.
         AND runs.branch->>'stepId' = expansions.step_id
     ) AND ${GOING} ORDER BY created_at, id LIMIT $1 FOR UPDATE OF expansions SKIP LOCKED`,
    [limit],
  );
}

export async function settle(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(`UPDATE expansions SET state = 'settled' WHERE id = ANY($1)`, [ids]);
}

/** The run was stopped or cancelled meanwhile, or cannot go on. */
export async function abandon(manager: EntityManager, { id, cursor }: Expansion): Promise<void> {
  await checkpoint(manager, id, { cursor, seen: 0, matched: 0, state: 'settled' });
}

/** Queues the fan-out of a workflow's own audience; the same firing is queued once. */
export async function openAudience(manager: EntityManager, firing: AudienceFiring, now: Date): Promise<void> {
  const { id, version, audience, zone, key, event, triggeredAt } = firing;
  await manager.query(
    `INSERT INTO expansions (id, workflow_id, version, state, audience, zone, key, event, triggered_at, created_at)
     VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      id,
      version.workflowId,
      version.version,
      audience,
      zone,
      key,
      JSON.stringify(event),
      new Date(triggeredAt),
      now,
    ],
  );
}

export async function countOpen(manager: EntityManager): Promise<number> {
  const [row]: { open: number }[] = await manager.query(
    `SELECT count(*) AS open FROM expansions WHERE state = 'open' AND ${GOING}`,
  );
  return row!.open;
}
