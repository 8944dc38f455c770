import type { EntityManager } from 'typeorm';
import type { Run } from '#libs/workflow';

/** What a waiting run listens to, since when, and how often its step was tried; absent in a run that never did. */
interface Listening {
  awaits?: { event: string; on: string } | null;
  since?: number | null;
  attempts?: number;
}

/** A run with when its trigger happened, which decides whether a stop came before or after it. */
export interface StoredRun {
  run: Run & Listening;
  triggeredAt: number;
  /** Where its event lies when many runs share it; otherwise with the run. */
  eventOf?: string | null;
}

interface Row {
  id: string;
  workflowId: string;
  version: number;
  rootId: string;
  parentId: string | null;
  key: string | null;
  personId: string | null;
  status: Run['status'];
  step: string | null;
  stepSince: Date | null;
  verb: string | null;
  dueAt: Date | null;
  branch: Run['branch'];
  vars: Run['vars'];
  reason: string | null;
  triggeredAt: Date;
  startedAt: Date | null;
  event: Run['event'];
  eventOf: string | null;
  awaitEvent: string | null;
  awaitOn: string | null;
  since: Date | null;
  attempts: number;
}

/** As the indexes of what lives say it, word for word. */
const ALIVE = `status IN ('new', 'waiting', 'expanding', 'queued')`;
const COLUMNS = `id, workflow_id AS "workflowId", version, root_id AS "rootId", parent_id AS "parentId", key,
  person_id AS "personId", status, step, step_since AS "stepSince", verb, due_at AS "dueAt", branch, vars, reason,
  triggered_at AS "triggeredAt", started_at AS "startedAt", event, event_of AS "eventOf", await_event AS "awaitEvent",
  await_on AS "awaitOn", wait_since AS since, attempts`;
const SELECT = `SELECT ${COLUMNS} FROM runs`;

/** Due runs, but none of stopped workflows, locked so that no other replica fires them and no stop slips in between. */
export async function claimDue(
  manager: EntityManager,
  now: Date,
  limit: number,
  stopped: readonly string[] = [],
): Promise<StoredRun[]> {
  return read(
    manager,
    `${SELECT} WHERE status = 'waiting' AND NOT paused AND due_at <= $1 ${stopped.length > 0 ? 'AND workflow_id <> ALL($3)' : ''}
     ORDER BY due_at, id LIMIT $2 FOR UPDATE OF runs SKIP LOCKED`,
    [now, limit, ...(stopped.length > 0 ? [stopped] : [])],
  );
}

/** A stop as the database looks for it. */
export interface StopAsk {
  workflowId: string;
  key: string | null;
  personId: string | null;
  at: number;
}

/**
 * Living runs that a stop is meant for: triggered no later than the stop. Looked up by key and by person apart, each in its
 * index. Of a key only roots are found: their branches end with them.
 */
export async function lockStopped(manager: EntityManager, stops: readonly StopAsk[]): Promise<StoredRun[]> {
  return read(
    manager,
    `WITH stop AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[]) AS s(workflow_id, key, person_id, at)
     )
     ${SELECT} WHERE ${ALIVE} AND id IN (
       SELECT id FROM stop JOIN runs USING (workflow_id, key)
       WHERE parent_id IS NULL AND key IS NOT NULL AND status IN ('new', 'waiting', 'expanding') AND triggered_at <= at
       UNION ALL
       SELECT id FROM stop JOIN runs USING (workflow_id, key) WHERE status = 'queued' AND triggered_at <= at
       UNION ALL
       SELECT id FROM stop JOIN runs USING (workflow_id, person_id) WHERE ${ALIVE} AND triggered_at <= at
     ) ORDER BY id FOR UPDATE OF runs`,
    [
      stops.map((s) => s.workflowId),
      stops.map((s) => s.key),
      stops.map((s) => s.personId),
      stops.map((s) => new Date(s.at)),
    ],
  );
}

/** What a workflow wants ended. */
export interface StopRequest {
  workflow: string;
  personId: string | null;
  key: string | null;
  exceptRootId: string;
  at: Date;
}

/** Living runs that a workflow wants ended: of one workflow or of `all`, by key (roots) or by person. */
export async function lockRequested(manager: EntityManager, stop: StopRequest): Promise<StoredRun[]> {
  const { workflow, personId, key, exceptRootId, at } = stop;
  return read(
    manager,
    `${SELECT} WHERE id IN (${key === null ? LIVING_OF_PERSON : LIVING_OF_KEY}) AND ${ALIVE}
       AND ($2::text = 'all' OR workflow_id = $2) AND root_id <> $3 AND triggered_at <= $4 ORDER BY id FOR UPDATE OF runs`,
    [key ?? personId, workflow, exceptRootId, at],
  );
}

const LIVING_OF_PERSON = `SELECT id FROM runs WHERE person_id = $1::uuid AND ${ALIVE}`;
/** Each workflow apart, and the queued apart from the others: so each part has its index. */
const LIVING_OF_KEY = `
  SELECT found.id FROM workflows CROSS JOIN LATERAL (
    SELECT id FROM runs WHERE workflow_id = workflows.id AND key = $1 AND parent_id IS NULL AND key IS NOT NULL
      AND status IN ('new', 'waiting', 'expanding')
    UNION ALL SELECT id FROM runs WHERE workflow_id = workflows.id AND key = $1 AND status = 'queued'
  ) found`;

/** Runs of these versions, not paused, that listen at one of these places. */
export async function lockListening(
  manager: EntityManager,
  versions: readonly { workflowId: string; version: number }[],
  places: readonly { awaitEvent: string; awaitOn: string }[],
): Promise<StoredRun[]> {
  return read(
    manager,
    `WITH place AS MATERIALIZED (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS p(await_event, await_on))
     ${SELECT} WHERE ${ALIVE} AND id IN (
       SELECT found.id FROM place CROSS JOIN LATERAL (
         SELECT id FROM runs WHERE runs.await_event = place.await_event AND runs.await_on = place.await_on
           AND await_event IS NOT NULL AND ${ALIVE} AND NOT paused
           AND (workflow_id, version) IN (SELECT * FROM unnest($3::text[], $4::int[]))
       ) found
     ) AND NOT paused ORDER BY id FOR UPDATE OF runs`,
    [
      places.map(({ awaitEvent }) => awaitEvent),
      places.map(({ awaitOn }) => awaitOn),
      versions.map(({ workflowId }) => workflowId),
      versions.map(({ version }) => version),
    ],
  );
}

export async function lockRuns(manager: EntityManager, ids: readonly string[]): Promise<StoredRun[]> {
  return read(manager, `${SELECT} WHERE id = ANY($1) ORDER BY id FOR UPDATE OF runs`, [ids]);
}

/** Which living runs of a workflow to look at: those of other versions, after a run's id. */
export interface LivingPage {
  workflowId: string;
  otherThan: number;
  after: string;
  limit: number;
  lock: boolean;
}

/** The next living runs of a workflow, roots and branches, in order of id. */
export async function pageOfLiving(
  manager: EntityManager,
  { workflowId, otherThan, after, limit, lock }: LivingPage,
): Promise<StoredRun[]> {
  return read(
    manager,
    `${SELECT} WHERE ${ALIVE} AND workflow_id = $1 AND version <> $2 AND id > $3 ORDER BY id LIMIT $4
     ${lock ? 'FOR UPDATE OF runs' : ''}`,
    [workflowId, otherThan, after, limit],
  );
}

/** The living branches of these runs. */
export async function lockBranches(
  manager: EntityManager,
  parentIds: readonly string[],
): Promise<StoredRun[]> {
  return read(manager, `${SELECT} WHERE ${ALIVE} AND parent_id = ANY($1) ORDER BY id FOR UPDATE OF runs`, [
    parentIds,
  ]);
}

/** The waits of these people, for when the calendar they were reckoned by has changed. */
export async function lockWaits(manager: EntityManager, personIds: readonly string[]): Promise<StoredRun[]> {
  return read(
    manager,
    `${SELECT} WHERE ${ALIVE} AND status = 'waiting' AND person_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE OF runs`,
    [personIds],
  );
}

async function read(manager: EntityManager, sql: string, parameters: unknown[]): Promise<StoredRun[]> {
  const rows: Row[] = await manager.query(sql, parameters);
  const shared = await sharedEvents(manager, rows);
  return rows.map((row) => ({
    run: runOf(row, row.eventOf === null ? row.event : (shared.get(row.eventOf) ?? null)),
    triggeredAt: row.triggeredAt.getTime(),
    eventOf: row.eventOf,
  }));
}

/** Read once however many runs share one; and they share one object, so that expressions over the event alone are evaluated once. */
async function sharedEvents(
  manager: EntityManager,
  rows: readonly Row[],
): Promise<Map<string, Run['event']>> {
  const ids = [...new Set(rows.flatMap(({ eventOf }) => eventOf ?? []))];
  if (ids.length === 0) return new Map();
  const events: { id: string; event: Run['event'] }[] = await manager.query(
    `SELECT id, event FROM run_events WHERE id = ANY($1)`,
    [ids],
  );
  return new Map(events.map(({ id, event }) => [id, event]));
}

function runOf(row: Row, event: Run['event']): StoredRun['run'] {
  const { id, workflowId, version, rootId, parentId, key, personId, status, branch, vars, reason } = row;
  const { awaitEvent, awaitOn, attempts } = row;
  return {
    id,
    workflowId,
    version,
    rootId,
    parentId,
    key,
    personId,
    status,
    branch,
    vars,
    reason,
    event,
    cursor: row.step,
    cursorSince: row.stepSince?.getTime() ?? null,
    verb: row.verb,
    dueAt: row.dueAt?.getTime() ?? null,
    startedAt: row.startedAt?.getTime() ?? null,
    awaits: awaitEvent === null || awaitOn === null ? null : { event: awaitEvent, on: awaitOn },
    since: row.since?.getTime() ?? null,
    attempts,
  };
}

/** Where a run stood when it could not be carried on with. */
export interface Stuck {
  id: string;
  step: string | null;
  dueAt: number | null;
}

/** Ends a run that cannot be carried on with, unless it has moved on meanwhile; its timeline says why. */
export async function failRun(
  manager: EntityManager,
  stuck: Stuck,
  reason: string,
  now: Date,
): Promise<void> {
  await manager.query(
    `WITH failed AS (
       UPDATE runs SET status = 'failed', reason = $2, ended_at = $3, due_at = NULL
       WHERE id = $1 AND ${ALIVE} AND step IS NOT DISTINCT FROM $4 AND due_at IS NOT DISTINCT FROM $5
       RETURNING id, root_id, step
     )
     INSERT INTO run_turns (run_id, root_id, at, lines)
     SELECT id, root_id, $3, json_build_array(json_build_object('stepId', step, 'kind', 'run', 'outcome', 'failed', 'reason', $2::text))
     FROM failed`,
    [stuck.id, reason, now, stuck.step, stuck.dueAt === null ? null : new Date(stuck.dueAt)],
  );
}

/** The earliest moment a run waits for that is of no stopped workflow. */
export async function nextDue(manager: EntityManager, stopped: readonly string[] = []): Promise<Date | null> {
  const [row]: { due: Date | null }[] = await manager.query(
    `SELECT min(due_at) AS due FROM runs WHERE status = 'waiting' AND NOT paused
       ${stopped.length > 0 ? 'AND workflow_id <> ALL($1)' : ''}`,
    stopped.length > 0 ? [stopped] : [],
  );
  return row?.due ?? null;
}
