import type { EntityManager } from 'typeorm';
import { startIds } from './hearing.js';
import type { RunKey } from './queue.query.js';

/** That an event went into a run of a key. */
export interface Taken extends RunKey {
  eventId: string;
}

/** Two that are equal have the same name. */
export const nameOfTaken = ({ workflowId, key, eventId }: Taken): string =>
  JSON.stringify([workflowId, key, eventId]);

/** Names of what root runs have heard of these events lately. */
export async function heardByKeys(manager: EntityManager, eventIds: readonly string[]): Promise<Set<string>> {
  const rows: Taken[] = await manager.query(
    `SELECT event_id AS "eventId", workflow_id AS "workflowId", key FROM run_hearings JOIN runs ON runs.id = run_id
     WHERE event_id = ANY($1::uuid[]) AND parent_id IS NULL AND key IS NOT NULL`,
    [eventIds],
  );
  return new Set(rows.map(nameOfTaken));
}

/** Names of those of these events that a run of that key has heard lately or was started by. */
export async function takenByKeys(manager: EntityManager, asked: readonly Taken[]): Promise<Set<string>> {
  const heard = await heardByKeys(
    manager,
    asked.map(({ eventId }) => eventId),
  );
  const eventOf = new Map(
    asked.flatMap(({ workflowId, eventId }) =>
      startIds(workflowId, eventId).map((id) => [id, eventId] as const),
    ),
  );
  const started: (RunKey & { id: string })[] = await manager.query(
    `SELECT id, workflow_id AS "workflowId", key FROM runs WHERE id = ANY($1) AND key IS NOT NULL`,
    [[...eventOf.keys()]],
  );
  return new Set([...heard, ...started.map((run) => nameOfTaken({ ...run, eventId: eventOf.get(run.id)! }))]);
}
