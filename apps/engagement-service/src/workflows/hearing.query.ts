import type { EntityManager } from 'typeorm';
import { rowsOf } from './columns.js';
import type { Incoming } from './turns.js';

/** A version of a workflow. */
export interface VersionKey {
  workflowId: string;
  version: number;
}

/** An event and a place where it may be listened for. */
export interface HeardAt {
  event: Incoming;
  awaitEvent: string;
  awaitOn: string;
}

// Bounded, because the lock table of PostgreSQL is: what shares a number merely waits for each other.
const BUCKETS = 512;
const LOCK_SPACE = 7301;

/**
 * An event that is taken and a run that begins to wait for it take turns, in whichever replicas: neither could see what the other
 * has not committed. `whom` are `key:…`, `person:…` and, for `any`, the types.
 */
export async function lockEars(manager: EntityManager, whom: readonly string[]): Promise<void> {
  if (whom.length === 0) return;
  await manager.query(
    `SELECT pg_advisory_xact_lock(${LOCK_SPACE}, bucket) FROM (
       SELECT DISTINCT abs(hashtext(who) % ${BUCKETS}) AS bucket FROM unnest($1::text[]) AS who ORDER BY 1
     ) buckets`,
    [[...new Set(whom)]],
  );
}

/** What a run that listens there locks, and an event that is heard there. */
export const lockOf = (awaitEvent: string, awaitOn: string): string =>
  awaitOn === 'any' ? `any:${awaitEvent}` : awaitOn;

/** Keeps events for those who begin to listen while they are being handled. */
export async function keepHeard(manager: EntityManager, heard: readonly HeardAt[], now: Date): Promise<void> {
  if (heard.length === 0) return;
  const { names, values, table, parameters } = rowsOf([
    ['event_id', 'uuid', heard.map(({ event }) => event.id)],
    ['await_event', 'text', heard.map((item) => item.awaitEvent)],
    ['await_on', 'text', heard.map((item) => item.awaitOn)],
    ['type', 'text', heard.map(({ event }) => event.type)],
    ['data', 'jsonb', heard.map(({ event }) => JSON.stringify(event.data))],
    ['occurred_at', 'timestamptz', heard.map(({ event }) => new Date(event.occurredAt).toISOString())],
    ['heard_at', 'timestamptz', heard.map(() => now.toISOString())],
  ]);
  await manager.query(
    `INSERT INTO heard_events (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING`,
    parameters,
  );
}

/** A run that listens since an instant. */
export interface Listener {
  runId: string;
  awaitEvent: string;
  awaitOn: string;
  from: number;
}

/** An event kept for a run. */
export interface Overheard {
  runId: string;
  event: Incoming;
}

interface Row {
  runId: string;
  id: string;
  type: string;
  data: Record<string, unknown>;
  occurredAt: Date;
}

/** What was heard lately that these runs wait for and have not taken yet, in order. */
export async function findHeard(
  manager: EntityManager,
  listeners: readonly Listener[],
): Promise<Overheard[]> {
  const rows: Row[] = await manager.query(
    `SELECT run_id AS "runId", event_id AS id, type, data, occurred_at AS "occurredAt"
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS l(run_id, await_event, await_on, since)
     JOIN heard_events h USING (await_event, await_on)
     WHERE occurred_at >= since AND NOT EXISTS (
       SELECT FROM run_hearings done WHERE done.run_id = l.run_id AND done.event_id = h.event_id
     ) ORDER BY run_id, occurred_at, event_id`,
    [
      listeners.map(({ runId }) => runId),
      listeners.map(({ awaitEvent }) => awaitEvent),
      listeners.map(({ awaitOn }) => awaitOn),
      listeners.map(({ from }) => new Date(from).toISOString()),
    ],
  );
  return rows.map(overheardOf);
}

const overheardOf = ({ runId, id, type, data, occurredAt }: Row): Overheard => ({
  runId,
  event: { id, type, data, occurredAt: occurredAt.getTime() },
});

/** Notes which events a run has taken, so that it takes none twice. */
export async function noteHearings(
  manager: EntityManager,
  taken: readonly { runId: string; eventId: string }[],
  now: Date,
): Promise<void> {
  if (taken.length === 0) return;
  await manager.query(
    `INSERT INTO run_hearings (run_id, event_id, heard_at)
     SELECT run_id, event_id, $3 FROM unnest($1::text[], $2::uuid[]) AS t(run_id, event_id) ON CONFLICT DO NOTHING`,
    [taken.map(({ runId }) => runId), taken.map(({ eventId }) => eventId), now],
  );
}

/**
 * Keeps events for runs that listen for them but cannot take them now: they are paused, or were until a moment ago. `taken` are those
 * that are locked and take them.
 */
export async function deferHeard(
  manager: EntityManager,
  versions: readonly VersionKey[],
  heard: readonly HeardAt[],
  taken: readonly string[],
): Promise<void> {
  await manager.query(
    `INSERT INTO deferred_events (run_id, event_id, await_event, await_on, type, data, occurred_at)
     SELECT runs.id, e.event_id, await_event, await_on, type, data, occurred_at
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS e(event_id, await_event, await_on)
     JOIN runs USING (await_event, await_on) JOIN heard_events USING (event_id, await_event, await_on)
     WHERE runs.id <> ALL($6) AND await_event IS NOT NULL AND status IN ('new', 'waiting', 'expanding', 'queued')
       AND (workflow_id, runs.version) IN (SELECT * FROM unnest($4::text[], $5::int[]))
     ON CONFLICT DO NOTHING`,
    [
      heard.map(({ event }) => event.id),
      heard.map((item) => item.awaitEvent),
      heard.map((item) => item.awaitOn),
      versions.map(({ workflowId }) => workflowId),
      versions.map(({ version }) => version),
      taken,
    ],
  );
}

/** Runs for which something was kept and that may take it: none that is paused or of a stopped workflow, none in other hands. */
export async function lockDeferred(
  manager: EntityManager,
  stopped: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM runs WHERE id IN (SELECT run_id FROM deferred_events) AND NOT paused
       AND status IN ('new', 'waiting', 'expanding', 'queued') AND workflow_id <> ALL($1)
     ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [stopped, limit],
  );
  return rows.map(({ id }) => id);
}

/** Takes out what was kept for runs while they were paused, in order. */
export async function takeDeferred(
  manager: EntityManager,
  runIds: readonly string[],
): Promise<(Overheard & { awaitEvent: string; awaitOn: string })[]> {
  const [rows]: [(Row & { awaitEvent: string; awaitOn: string })[], number] = await manager.query(
    `DELETE FROM deferred_events WHERE run_id = ANY($1)
     RETURNING run_id AS "runId", event_id AS id, type, data, occurred_at AS "occurredAt", await_event AS "awaitEvent",
       await_on AS "awaitOn"`,
    [runIds],
  );
  return rows
    .toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1))
    .map((row) => ({ ...overheardOf(row), awaitEvent: row.awaitEvent, awaitOn: row.awaitOn }));
}

/** Versions with runs that listen, or have listened. */
export function listeningVersions(manager: EntityManager): Promise<VersionKey[]> {
  return manager.query(`SELECT workflow_id AS "workflowId", version FROM listening_versions`);
}

export async function noteListening(manager: EntityManager, versions: readonly VersionKey[]): Promise<void> {
  await manager.query(
    `INSERT INTO listening_versions (workflow_id, version)
     SELECT * FROM unnest($1::text[], $2::int[]) AS v(workflow_id, version) ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    [versions.map(({ workflowId }) => workflowId), versions.map(({ version }) => version)],
  );
}

/** Forgets what was heard before. Returns how many rows went. */
export async function forgetHeard(manager: EntityManager, before: Date): Promise<number> {
  const [, events]: [unknown, number] = await manager.query(`DELETE FROM heard_events WHERE heard_at < $1`, [
    before,
  ]);
  const [, hearings]: [unknown, number] = await manager.query(
    `DELETE FROM run_hearings WHERE heard_at < $1`,
    [before],
  );
  return events + hearings;
}
