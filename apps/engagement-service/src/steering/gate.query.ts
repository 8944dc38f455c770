import type { EntityManager } from 'typeorm';

/** The scope of the one big stop button. */
export const PROGRAMME = '*';

/** What is stopped, or is being resumed and has not yet taken what was held for it. */
export interface Closed {
  all: boolean;
  workflows: readonly string[];
}

const closedOf = (rows: readonly { scope: string }[]): Closed => ({
  all: rows.some(({ scope }) => scope === PROGRAMME),
  workflows: rows.flatMap(({ scope }) => (scope === PROGRAMME ? [] : [scope])),
});

/** What may not go on now. Read in each batch, so that a stop is felt by the next one in every replica. */
export async function readClosed(manager: EntityManager): Promise<Closed> {
  return closedOf(await manager.query(`SELECT scope FROM stops`));
}

/** As `readClosed`; nothing is opened before the caller has committed, so that what it holds is found. */
export async function lockClosed(manager: EntityManager): Promise<Closed> {
  return closedOf(await manager.query(`SELECT scope FROM stops ORDER BY scope FOR SHARE`));
}

/** An event to be held. */
export interface HeldEvent {
  id: string;
  type: string;
  data: object;
  occurredAt: number;
}

/** Keeps events for a scope that is closed; an event is kept once. */
export async function holdEvents(
  manager: EntityManager,
  scope: string,
  events: readonly HeldEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await manager.query(
    `INSERT INTO held_events (scope, event_id, type, data, occurred_at)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[]) ON CONFLICT DO NOTHING`,
    [
      scope,
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ data }) => JSON.stringify(data)),
      events.map(({ occurredAt }) => new Date(occurredAt).toISOString()),
    ],
  );
}

/** Whether a run may not go on now: it is paused, or what it belongs to is stopped. */
export async function isHeld(manager: EntityManager, runId: string): Promise<boolean> {
  const rows: object[] = await manager.query(
    `SELECT FROM runs WHERE id = $1 AND (paused OR EXISTS (SELECT FROM stops WHERE scope IN ('${PROGRAMME}', workflow_id)))`,
    [runId],
  );
  return rows.length > 0;
}
