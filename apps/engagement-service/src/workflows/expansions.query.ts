import type { EntityManager } from 'typeorm';
import type { Item } from '#libs/workflow';

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

/** The oldest open fan-out, locked. */
export async function claimOpen(manager: EntityManager): Promise<Expansion | null> {
  const [row]: Expansion[] = await manager.query(
    `SELECT id, workflow_id AS "workflowId", version, run_id AS "runId", step_id AS "stepId", items, audience, zone, key, event,
       triggered_at AS "triggeredAt", cursor, seen, matched
     FROM expansions WHERE state = 'open' ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row ?? null;
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

/** Fan-outs of runs whose branches have all ended: their runs go on. */
export async function claimSettled(
  manager: EntityManager,
  limit: number,
): Promise<{ id: string; runId: string; stepId: string }[]> {
  return manager.query(
    `SELECT id, run_id AS "runId", step_id AS "stepId" FROM expansions
     WHERE state = 'expanded' AND NOT EXISTS (
       SELECT FROM runs WHERE runs.parent_id = expansions.run_id AND status IN ('new', 'waiting', 'expanding')
     ) ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

export async function settle(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(`UPDATE expansions SET state = 'settled' WHERE id = ANY($1)`, [ids]);
}
