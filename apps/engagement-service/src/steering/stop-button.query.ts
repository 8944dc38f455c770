import type { EntityManager } from 'typeorm';
import type { Incoming } from '../workflows/turns.js';

/** Something that is stopped, and how much waits for it to be resumed. */
export interface Stop {
  /** A workflow, or `*` for the whole programme. */
  scope: string;
  state: 'stopped' | 'resuming';
  reason: string;
  by: string;
  at: Date;
}

const COLUMNS = `scope, state, reason, stopped_by AS by, at`;

/** The stop of a scope, locked against its being taken back or made meanwhile. */
export async function lockStop(manager: EntityManager, scope: string): Promise<Stop | null> {
  const [stop]: Stop[] = await manager.query(`SELECT ${COLUMNS} FROM stops WHERE scope = $1 FOR UPDATE`, [
    scope,
  ]);
  return stop ?? null;
}

/** Stops a scope, or gives a new reason for what is stopped already. */
export async function writeStop(manager: EntityManager, stop: Stop): Promise<void> {
  await manager.query(
    `INSERT INTO stops (scope, state, reason, stopped_by, at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (scope) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason, stopped_by = EXCLUDED.stopped_by,
       at = EXCLUDED.at`,
    [stop.scope, stop.state, stop.reason, stop.by, stop.at],
  );
}

/** Every later stop or resumption of the programme has a higher number: who hears of them out of order can tell. */
export async function nextRevision(manager: EntityManager): Promise<number> {
  const [row]: { revision: number }[] = await manager.query(`SELECT nextval('stop_revisions') AS revision`);
  return row!.revision;
}

/** All that is stopped, and the events held for each, of which some may have failed when they were taken. */
export function listStops(manager: EntityManager): Promise<(Stop & { held: number; failed: number })[]> {
  return manager.query(
    `SELECT ${COLUMNS}, (SELECT count(*) FROM held_events h WHERE h.scope = stops.scope AND failure IS NULL) AS held,
       (SELECT count(*) FROM held_events h WHERE h.scope = stops.scope AND failure IS NOT NULL) AS failed
     FROM stops ORDER BY at, scope`,
  );
}

/** Held events that could not be taken, of whichever scope. */
export function listFailed(manager: EntityManager): Promise<object[]> {
  return manager.query(
    `SELECT scope, event_id AS "eventId", type, occurred_at AS "occurredAt", failure FROM held_events
     WHERE failure IS NOT NULL ORDER BY seq LIMIT 100`,
  );
}

/** A scope that is to be opened, locked: nothing is held for it any more until the caller has committed. */
export async function claimResuming(manager: EntityManager): Promise<string | null> {
  const [row]: { scope: string }[] = await manager.query(
    // The programme first: what it hands on to a workflow that is stopped too joins what is held there.
    `SELECT scope FROM stops WHERE state = 'resuming'
       AND (scope = '*' OR NOT EXISTS (SELECT FROM stops WHERE scope = '*')) ORDER BY scope LIMIT 1 FOR UPDATE OF stops`,
  );
  return row?.scope ?? null;
}

/** The first of what is held for a scope, taken out. */
export async function takeHeld(manager: EntityManager, scope: string, limit: number): Promise<Incoming[]> {
  const [rows]: [
    { seq: number; id: string; type: string; data: Incoming['data']; occurredAt: Date }[],
    number,
  ] = await manager.query(
    `DELETE FROM held_events WHERE seq IN (
         SELECT seq FROM held_events WHERE scope = $1 AND failure IS NULL ORDER BY seq LIMIT $2
       ) RETURNING seq, event_id AS id, type, data, occurred_at AS "occurredAt"`,
    [scope, limit],
  );
  return rows
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ id, type, data, occurredAt }) => ({ id, type, data, occurredAt: occurredAt.getTime() }));
}

/** Sets aside an event held for a scope: nobody waits for it. Another replica may have done so just before. */
export async function setAside(
  manager: EntityManager,
  scope: string,
  eventId: string,
  reason: string,
): Promise<void> {
  await manager.query(
    `UPDATE held_events SET failure = $3 WHERE scope = $1 AND event_id = $2 AND failure IS NULL`,
    [scope, eventId, reason],
  );
}

/** What has failed is to be tried again. */
export async function forgetFailures(manager: EntityManager, scope: string): Promise<number> {
  const [, count]: [unknown, number] = await manager.query(
    `UPDATE held_events SET failure = NULL WHERE scope = $1 AND failure IS NOT NULL`,
    [scope],
  );
  return count;
}

/** Opens a scope for good. */
export async function endStop(manager: EntityManager, scope: string): Promise<void> {
  await manager.query(`DELETE FROM stops WHERE scope = $1`, [scope]);
}
