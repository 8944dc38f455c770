import type { EntityManager } from 'typeorm';
import type { LogEntry } from '#libs/workflow';
import { isEnded } from '#libs/workflow';
import { instant, json, rowsOf } from './columns.js';
import type { Column } from './columns.js';
import type { StoredRun } from './runs.query.js';

/** What one turn of a run wrote into its timeline. */
export interface TurnLines {
  run: { id: string; rootId: string };
  log: readonly LogEntry[];
}

/** A run as it stands after a turn, with the lines of that turn. */
type AfterTurn = StoredRun & { log?: readonly LogEntry[] };

/** What changes from turn to turn. */
function stateColumns(runs: readonly StoredRun[], now: Date): Column[] {
  const of = <T>(value: (run: StoredRun['run']) => T): T[] => runs.map(({ run }) => value(run));
  return [
    ['version', 'int', of((run) => run.version)],
    ['status', 'text', of((run) => run.status)],
    ['step', 'text', of((run) => run.cursor)],
    ['step_since', 'timestamptz', of((run) => instant(run.cursorSince))],
    ['verb', 'text', of((run) => run.verb)],
    ['due_at', 'timestamptz', of((run) => instant(run.dueAt))],
    ['vars', 'jsonb', of((run) => json(run.vars))],
    ['reason', 'text', of((run) => run.reason)],
    ['started_at', 'timestamptz', of((run) => instant(run.startedAt))],
    ['ended_at', 'timestamptz', of((run) => (isEnded(run) ? now.toISOString() : null))],
    ['await_event', 'text', of((run) => run.awaits?.event ?? null)],
    ['await_on', 'text', of((run) => run.awaits?.on ?? null)],
    ['wait_since', 'timestamptz', of((run) => instant(run.since))],
    ['attempts', 'int', of((run) => run.attempts ?? 0)],
  ];
}

function birthColumns(runs: readonly StoredRun[]): Column[] {
  const of = <T>(value: (run: StoredRun['run']) => T): T[] => runs.map(({ run }) => value(run));
  return [
    ['id', 'text', of((run) => run.id)],
    ['workflow_id', 'text', of((run) => run.workflowId)],
    ['root_id', 'text', of((run) => run.rootId)],
    ['parent_id', 'text', of((run) => run.parentId)],
    ['key', 'text', of((run) => run.key)],
    ['person_id', 'uuid', of((run) => run.personId)],
    ['branch', 'jsonb', of((run) => json(run.branch))],
    ['event', 'jsonb', runs.map(({ run, eventOf }) => (eventOf ? null : json(run.event)))],
    ['event_of', 'text', runs.map(({ eventOf }) => eventOf ?? null)],
    ['triggered_at', 'timestamptz', runs.map(({ triggeredAt }) => instant(triggeredAt))],
  ];
}

/** In one order everywhere, so that two batches that meet at the same living keys wait for each other instead of deadlocking. */
const byKey = (a: StoredRun, b: StoredRun): number => {
  const [left, right] = [a.run.key ?? a.run.id, b.run.key ?? b.run.id];
  return left < right ? -1 : left > right ? 1 : 0;
};

/**
 * Inserts runs as they stand after their first turn, with its lines; of two with the same living key the first stays. Returns the
 * ids that are in.
 */
export async function insertRuns(
  manager: EntityManager,
  runs: readonly AfterTurn[],
  now: Date,
): Promise<Set<string>> {
  if (runs.length === 0) return new Set();
  const sorted = runs.toSorted(byKey);
  const { names, values, table, parameters } = rowsOf([
    ...birthColumns(sorted),
    ...stateColumns(sorted, now),
  ]);
  const lines = insertionOf(sorted, parameters.length);
  const inserted: { id: string }[] = await manager.query(
    `WITH stored AS (
       INSERT INTO runs (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING RETURNING id
     ) ${lines ? `, told AS (${lines.sql} WHERE r.run_id IN (SELECT id FROM stored))` : ''}
     SELECT id FROM stored`,
    [...parameters, ...(lines?.parameters ?? [])],
  );
  return new Set(inserted.map(({ id }) => id));
}

/** Stores new states and the lines of the turns in one statement. */
export async function updateRuns(
  manager: EntityManager,
  runs: readonly AfterTurn[],
  now: Date,
): Promise<void> {
  if (runs.length === 0) return;
  const id: Column = ['id', 'text', runs.map(({ run }) => run.id)];
  const { changes, table, parameters } = rowsOf([id, ...stateColumns(runs, now)]);
  const lines = insertionOf(runs, parameters.length);
  await manager.query(
    `${lines ? `WITH told AS (${lines.sql})` : ''} UPDATE runs SET ${changes} FROM ${table} WHERE runs.id = r.id`,
    [...parameters, ...(lines?.parameters ?? [])],
  );
}

/** Keeps an event that many runs share; the first stays. */
export async function shareEvent(
  manager: EntityManager,
  id: string,
  event: StoredRun['run']['event'],
): Promise<void> {
  await manager.query(`INSERT INTO run_events (id, event) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    id,
    JSON.stringify(event),
  ]);
}

/** The lines of a turn are one row, and of one instant. */
export async function writeTurns(manager: EntityManager, turns: readonly TurnLines[]): Promise<void> {
  const lines = insertionOf(turns, 0);
  if (lines) await manager.query(lines.sql, lines.parameters);
}

function insertionOf(
  turns: readonly Partial<TurnLines>[],
  behind: number,
): { sql: string; parameters: unknown[] } | null {
  const written = turns.filter((turn): turn is TurnLines => (turn.log ?? []).length > 0);
  if (written.length === 0) return null;
  const columns: Column[] = [
    ['run_id', 'text', written.map(({ run }) => run.id)],
    ['root_id', 'text', written.map(({ run }) => run.rootId)],
    ['at', 'timestamptz', written.map(({ log }) => instant(log[0]!.at))],
    ['lines', 'json', written.map(({ log }) => JSON.stringify(log.map(({ at: _at, ...line }) => line)))],
  ];
  const { names, values, table, parameters } = rowsOf(columns, behind);
  return { sql: `INSERT INTO run_turns (${names}) SELECT ${values} FROM ${table}`, parameters };
}
