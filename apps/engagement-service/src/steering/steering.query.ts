import type { EntityManager } from 'typeorm';
import type { Condition } from './run-filter.js';

/** How many runs stand at a step. */
export interface StepCount {
  workflow: string;
  version: number;
  step: string | null;
  status: string;
  count: number;
}

/** How the runs of a condition are spread over steps. */
export function countByStep(manager: EntityManager, { sql, parameters }: Condition): Promise<StepCount[]> {
  return manager.query(
    `SELECT workflow_id AS workflow, version, step, status, count(*) AS count FROM runs WHERE ${sql}
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    parameters,
  );
}

/** Their ids, oldest first. */
export async function findIds(
  manager: EntityManager,
  { sql, parameters }: Condition,
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM runs WHERE ${sql} ORDER BY triggered_at, id LIMIT ${limit}`,
    parameters,
  );
  return rows.map(({ id }) => id);
}

/** Those of these runs that still meet the condition, locked. */
export async function lockFitting(
  manager: EntityManager,
  ids: readonly string[],
  { sql, parameters }: Condition,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM runs WHERE id = ANY($${parameters.length + 1}) AND ${sql} ORDER BY id FOR UPDATE OF runs`,
    [...parameters, ids],
  );
  return rows.map(({ id }) => id);
}

/** A run with where its timeline is, and where it stands. */
export interface Standing {
  id: string;
  rootId: string;
  step: string | null;
}

/** Pauses runs, or lets them go on, with all the branches below them; the runs must be locked. Returns those that have changed. */
export async function setPaused(
  manager: EntityManager,
  ids: readonly string[],
  paused: boolean,
): Promise<Standing[]> {
  const [rows]: [Standing[], number] = await manager.query(
    `WITH RECURSIVE tree AS (
       SELECT id FROM runs WHERE id = ANY($1)
       UNION
       SELECT runs.id FROM runs JOIN tree ON runs.parent_id = tree.id WHERE runs.parent_id IS NOT NULL
     )
     UPDATE runs SET paused = $2 FROM tree
     WHERE runs.id = tree.id AND paused <> $2 AND status IN ('new', 'waiting', 'expanding', 'queued')
     RETURNING runs.id, root_id AS "rootId", step`,
    [ids, paused],
  );
  return rows;
}
