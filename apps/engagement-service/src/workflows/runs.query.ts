import type { EntityManager } from 'typeorm';
import type { LogEntry, Run } from '#libs/workflow';

/** A run with when its trigger happened, which decides whether a stop came before or after it. */
export interface StoredRun {
  run: Run;
  triggeredAt: number;
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
}

const ALIVE = `status IN ('new', 'waiting', 'expanding')`;
const COLUMNS = `id, workflow_id AS "workflowId", version, runs.root_id AS "rootId", parent_id AS "parentId", key,
  person_id AS "personId", status, step, step_since AS "stepSince", verb, due_at AS "dueAt", branch, vars, reason,
  triggered_at AS "triggeredAt", started_at AS "startedAt", event`;
const SELECT = `SELECT ${COLUMNS} FROM runs LEFT JOIN run_events ON run_events.root_id = runs.root_id`;

/** Due runs, locked so that no other replica fires them and no stop slips in between. */
export async function claimDue(manager: EntityManager, now: Date, limit: number): Promise<StoredRun[]> {
  return read(
    manager,
    `${SELECT} WHERE status = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE OF runs SKIP LOCKED`,
    [now, limit],
  );
}

/** A stop as the database looks for it. */
export interface StopAsk {
  workflowId: string;
  key: string | null;
  personId: string | null;
  at: number;
}

/** Living runs that a stop is meant for: triggered no later than the stop. Looked up by key and by person apart, each in its index. */
export async function lockStopped(manager: EntityManager, stops: readonly StopAsk[]): Promise<StoredRun[]> {
  return read(
    manager,
    `WITH stop AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[]) AS s(workflow_id, key, person_id, at)
     )
     ${SELECT} WHERE ${ALIVE} AND id IN (
       SELECT id FROM stop JOIN runs USING (workflow_id, key) WHERE ${ALIVE} AND triggered_at <= at
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

export async function lockRuns(manager: EntityManager, ids: readonly string[]): Promise<StoredRun[]> {
  return read(manager, `${SELECT} WHERE id = ANY($1) ORDER BY id FOR UPDATE OF runs`, [ids]);
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
    `${SELECT} WHERE status = 'waiting' AND person_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE OF runs`,
    [personIds],
  );
}

async function read(manager: EntityManager, sql: string, parameters: unknown[]): Promise<StoredRun[]> {
  const rows: Row[] = await manager.query(sql, parameters);
  const eventsByRoot = new Map<string, Run['event']>();
  return rows.map((row) => {
    // Branches of one root share one object: expressions over the event alone are evaluated once.
    if (!eventsByRoot.has(row.rootId)) eventsByRoot.set(row.rootId, row.event);
    return { run: runOf(row, eventsByRoot.get(row.rootId)!), triggeredAt: row.triggeredAt.getTime() };
  });
}

function runOf(
  { step, stepSince, dueAt, startedAt, triggeredAt: _at, ...row }: Row,
  event: Run['event'],
): Run {
  return {
    ...row,
    event,
    cursor: step,
    cursorSince: stepSince?.getTime() ?? null,
    dueAt: dueAt?.getTime() ?? null,
    startedAt: startedAt?.getTime() ?? null,
  };
}

/** Inserts new runs; of two with the same living key the first stays. Returns the ids that are in. */
export async function insertRuns(manager: EntityManager, runs: readonly StoredRun[]): Promise<Set<string>> {
  const roots = runs.filter(({ run }) => run.parentId === null && run.event);
  await manager.query(
    `INSERT INTO run_events (root_id, event) SELECT "rootId", event
     FROM jsonb_to_recordset($1::jsonb) AS e("rootId" text, event jsonb) ON CONFLICT DO NOTHING`,
    [JSON.stringify(roots.map(({ run }) => ({ rootId: run.rootId, event: run.event })))],
  );
  const inserted: { id: string }[] = await manager.query(
    `INSERT INTO runs (id, workflow_id, version, root_id, parent_id, key, person_id, status, branch, vars, triggered_at)
     SELECT id, "workflowId", version, "rootId", "parentId", key, "personId", 'new', NULLIF(branch, 'null'::jsonb), vars, "triggeredAt"
     FROM jsonb_to_recordset($1::jsonb) AS r(id text, "workflowId" text, version int, "rootId" text, "parentId" text,
       key text, "personId" uuid, branch jsonb, vars jsonb, "triggeredAt" timestamptz)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      JSON.stringify(
        runs.map(({ run, triggeredAt }) => ({ ...run, event: null, triggeredAt: new Date(triggeredAt) })),
      ),
    ],
  );
  return new Set(inserted.map(({ id }) => id));
}

const ENDED = new Set(['done', 'stopped', 'cancelled', 'failed']);

/** Stores new states in one statement. */
export async function updateRuns(manager: EntityManager, runs: readonly Run[], now: Date): Promise<void> {
  const rows = runs.map((run) => ({
    id: run.id,
    status: run.status,
    step: run.cursor,
    verb: run.verb,
    vars: run.vars,
    reason: run.reason,
    stepSince: instant(run.cursorSince),
    dueAt: instant(run.dueAt),
    startedAt: instant(run.startedAt),
    endedAt: ENDED.has(run.status) ? now : null,
  }));
  await manager.query(
    `UPDATE runs SET status = n.status, step = n.step, step_since = n."stepSince", verb = n.verb, due_at = n."dueAt",
       vars = n.vars, reason = n.reason, started_at = n."startedAt", ended_at = n."endedAt"
     FROM jsonb_to_recordset($1::jsonb) AS n(id text, status text, step text, "stepSince" timestamptz, verb text,
       "dueAt" timestamptz, vars jsonb, reason text, "startedAt" timestamptz, "endedAt" timestamptz)
     WHERE runs.id = n.id`,
    [JSON.stringify(rows)],
  );
}

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Lines for timelines, in the order they were written. */
export async function writeLog(
  manager: EntityManager,
  lines: readonly (LogEntry & { runId: string; rootId: string })[],
): Promise<void> {
  if (lines.length === 0) return;
  await manager.query(
    `INSERT INTO run_log (run_id, root_id, at, step_id, kind, outcome, reason, input, output)
     SELECT "runId", "rootId", at, "stepId", kind, outcome, reason, input, output
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS ("runId" text, "rootId" text, at timestamptz, "stepId" text, kind text,
       outcome text, reason text, input jsonb, output jsonb)) WITH ORDINALITY ORDER BY ordinality`,
    [JSON.stringify(lines.map((line) => ({ ...line, at: new Date(line.at) })))],
  );
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
     INSERT INTO run_log (run_id, root_id, at, step_id, kind, outcome, reason) SELECT id, root_id, $3, step, 'run', 'failed', $2 FROM failed`,
    [stuck.id, reason, now, stuck.step, stuck.dueAt === null ? null : new Date(stuck.dueAt)],
  );
}

/** The earliest moment a run waits for. */
export async function nextDue(manager: EntityManager): Promise<Date | null> {
  const [row]: { due: Date | null }[] = await manager.query(
    `SELECT min(due_at) AS due FROM runs WHERE status = 'waiting'`,
  );
  return row?.due ?? null;
}
