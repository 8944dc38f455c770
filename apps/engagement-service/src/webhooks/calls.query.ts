import type { EntityManager } from 'typeorm';

/** A call that is to be made. */
export interface Call {
  intentKey: string;
  webhookId: string;
  runId: string;
  stepId: string;
  url: string;
  body: Record<string, unknown>;
}

/** What came of a call, as the step reads it. */
export interface CallResult {
  ok: boolean;
  status: number | null;
  body: unknown;
  error: string | null;
}

/**
 * Wants calls made: new ones, and failed ones once more under the same webhook-id. Returns the results of those that have been
 * answered well already.
 */
export async function wantCalls(
  manager: EntityManager,
  calls: readonly (Call & { attempt: number })[],
  now: Date,
): Promise<Map<string, CallResult>> {
  await manager.query(
    `INSERT INTO calls (intent_key, webhook_id, run_id, step_id, url, body, attempt, state, created_at)
     SELECT "intentKey", "webhookId", "runId", "stepId", url, body, attempt, 'open', $2
     FROM jsonb_to_recordset($1::jsonb) AS c("intentKey" text, "webhookId" text, "runId" text, "stepId" text, url text,
       body jsonb, attempt int)
     ORDER BY "intentKey" ON CONFLICT (intent_key) DO UPDATE SET state = 'open', attempt = EXCLUDED.attempt, url = EXCLUDED.url,
       body = EXCLUDED.body, created_at = EXCLUDED.created_at, leased_until = NULL, result = NULL
     WHERE calls.state = 'done' AND NOT (calls.result->>'ok')::boolean`,
    [JSON.stringify(calls), now],
  );
  const done: { intentKey: string; result: CallResult }[] = await manager.query(
    `SELECT intent_key AS "intentKey", result FROM calls WHERE intent_key = ANY($1) AND state = 'done'`,
    [calls.map(({ intentKey }) => intentKey)],
  );
  return new Map(done.map(({ intentKey, result }) => [intentKey, result]));
}

/** Not of a run that is paused, nor of what is stopped. */
const GOING = `NOT EXISTS (SELECT FROM runs WHERE runs.id = calls.run_id AND (
  paused OR EXISTS (SELECT FROM stops WHERE scope IN ('*', runs.workflow_id))))`;

/**
 * Takes open calls for a while: who takes them and dies leaves them to others. The lease is of real time, as the calls are;
 * no rule of a programme depends on it.
 */
export async function leaseCalls(manager: EntityManager, limit: number, seconds: number): Promise<Call[]> {
  const [rows]: [Call[], number] = await manager.query(
    `UPDATE calls SET leased_until = clock_timestamp() + make_interval(secs => $2) WHERE intent_key IN (
       SELECT intent_key FROM calls WHERE state = 'open' AND (leased_until IS NULL OR leased_until < clock_timestamp())
         AND ${GOING}
       ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ) RETURNING intent_key AS "intentKey", webhook_id AS "webhookId", run_id AS "runId", step_id AS "stepId", url, body`,
    [limit, seconds],
  );
  return rows;
}

/** Keeps results; returns the keys of the calls that were still open. */
export async function settleCalls(
  manager: EntityManager,
  results: readonly { intentKey: string; result: CallResult }[],
): Promise<Set<string>> {
  const [rows]: [{ intentKey: string }[], number] = await manager.query(
    `UPDATE calls SET state = 'done', result = r.result
     FROM jsonb_to_recordset($1::jsonb) AS r("intentKey" text, result jsonb)
     WHERE intent_key = r."intentKey" AND state = 'open' RETURNING intent_key AS "intentKey"`,
    [JSON.stringify(results)],
  );
  return new Set(rows.map(({ intentKey }) => intentKey));
}

/** How many calls are under way. */
export async function countOpenCalls(manager: EntityManager): Promise<number> {
  const [row]: { open: number }[] = await manager.query(
    `SELECT count(*)::int AS open FROM calls WHERE state = 'open' AND ${GOING}`,
  );
  return row!.open;
}
