import type { EntityManager } from 'typeorm';

/** A month of `run_turns`: its table and its first instant (UTC), and the first of the next. */
export interface Month {
  table: string;
  from: Date;
  to: Date;
}

/** Months are of UTC: a table has one beginning, wherever people are. */
export function monthOf(at: Date, ahead = 0): Month {
  const first = (more: number): Date =>
    new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + ahead + more));
  const from = first(0);
  return { table: `run_turns_${from.toISOString().slice(0, 7).replace('-', '_')}`, from, to: first(1) };
}

/** The months that stand; the default partition is none. */
export async function standingMonths(manager: EntityManager): Promise<string[]> {
  const rows: { table: string }[] = await manager.query(
    `SELECT inhrelid::regclass::text AS table FROM pg_inherits
     WHERE inhparent = 'run_turns'::regclass AND inhrelid <> 'run_turns_default'::regclass ORDER BY 1`,
  );
  return rows.map(({ table }) => table);
}

/** Replicas take turns; who holds a lock on the log for long is not waited for: the next round tries again. */
export async function lockHistory(manager: EntityManager): Promise<boolean> {
  await manager.query(`SET LOCAL lock_timeout = '2s'`);
  const [row]: { got: boolean }[] = await manager.query(
    `SELECT pg_try_advisory_xact_lock(hashtext('laurel run history')) AS got`,
  );
  return row!.got;
}

/** Makes the table of a month; what a jump of the clock has put into the default partition meanwhile moves there. */
export async function createMonth(manager: EntityManager, { table, from, to }: Month): Promise<void> {
  const [start, end] = [from.toISOString(), to.toISOString()];
  await manager.query(`LOCK TABLE run_turns_default IN ACCESS EXCLUSIVE MODE`);
  await manager.query(`CREATE TABLE ${table} (LIKE run_turns INCLUDING DEFAULTS INCLUDING INDEXES)`);
  await manager.query(
    `WITH moved AS (DELETE FROM run_turns_default WHERE at >= $1 AND at < $2 RETURNING seq, run_id, root_id, at, lines)
     INSERT INTO ${table} (seq, run_id, root_id, at, lines) SELECT * FROM moved`,
    [start, end],
  );
  await manager.query(
    `ALTER TABLE run_turns ATTACH PARTITION ${table} FOR VALUES FROM ('${start}') TO ('${end}')`,
  );
}

/** Drops a month whole. */
export async function dropMonth(manager: EntityManager, table: string): Promise<void> {
  await manager.query(`DROP TABLE ${table}`);
}

/** Turns of before that lie in no month of their own. Returns how many went. */
export async function pruneDefault(manager: EntityManager, before: Date): Promise<number> {
  const [, count]: [unknown, number] = await manager.query(`DELETE FROM run_turns_default WHERE at < $1`, [
    before,
  ]);
  return count;
}

const BATCH = 1_000;

/**
 * Deletes a batch of runs that ended before, with their branches, their shared event and their intents, which are kept as long as
 * their run: only so can a repetition be told. Returns how many roots went.
 */
export async function pruneRuns(manager: EntityManager, before: Date): Promise<number> {
  const roots: { id: string }[] = await manager.query(
    `SELECT old.id FROM workflows CROSS JOIN LATERAL (
       SELECT id FROM runs WHERE workflow_id = workflows.id AND triggered_at < $1 AND ended_at < $1 AND parent_id IS NULL
       ORDER BY triggered_at LIMIT ${BATCH}
     ) old LIMIT ${BATCH}`,
    [before],
  );
  if (roots.length === 0) return 0;
  const ids = roots.map(({ id }) => id);
  await manager.query(
    `DELETE FROM intents USING unnest($1::text[]) AS root WHERE intent_key >= root || ':' AND intent_key < root || ';'`,
    [ids],
  );
  await manager.query(`DELETE FROM run_events WHERE id = ANY($1)`, [ids]);
  await deleteTree(manager, ids);
  return ids.length;
}

/** Level by level, by the index of children. */
async function deleteTree(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(`DELETE FROM runs WHERE id = ANY($1)`, [ids]);
  for (let parents = ids; parents.length > 0;) {
    const [children]: [{ id: string }[], number] = await manager.query(
      `DELETE FROM runs WHERE parent_id = ANY($1) RETURNING id`,
      [parents],
    );
    parents = children.map(({ id }) => id);
  }
}

/** What guards against repetitions that can come no more, and fan-outs that are over. Returns how many rows went. */
export async function pruneMarks(manager: EntityManager, before: Date): Promise<number> {
  let gone = 0;
  for (const [table, old] of [
    ['stop_marks', `at < $1`],
    ['firings', `nominal < $1`],
    ['expansions', `state = 'settled' AND created_at < $1`],
  ]) {
    const [, count]: [unknown, number] = await manager.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${old} LIMIT ${BATCH}))`,
      [before],
    );
    gone += count;
  }
  await manager.query(
    `DELETE FROM run_events WHERE id = ANY(ARRAY(
       SELECT id FROM run_events shared WHERE NOT EXISTS (SELECT FROM runs WHERE runs.id = shared.id)
         AND NOT EXISTS (SELECT FROM runs WHERE runs.event_of = shared.id)
         AND NOT EXISTS (SELECT FROM expansions WHERE expansions.id = shared.id) LIMIT ${BATCH}))`,
  );
  return gone;
}
