import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { VirtualClock, migrate } from '#libs/platform';
import { createTestDatabase } from '../../../../test/support/database.js';
import type { TestDatabase } from '../../../../test/support/database.js';
import { database as parts } from '../database.js';
import { HistoryService } from './history.service.js';
import { noteIntents } from './intents.query.js';
import { writeTurns } from './runs-store.query.js';

let database: TestDatabase;
let source: DataSource;
const clock = new VirtualClock(new Date('2026-03-02T08:00:00Z'));
const start = (): HistoryService => new HistoryService(source, {} as never, clock, { HISTORY_MONTHS: 13 });

beforeAll(async () => {
  database = await createTestDatabase({ template: 'engagement', migrate: (url) => migrate(url, parts) });
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  await source.query(`INSERT INTO workflows (id, active_version, scheduled_until) VALUES ('w', 1, now())`);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const keepAll = async (): Promise<void> => {
  const history = start();
  while ((await history.keep()) > 0);
};
const turnAt = (runId: string, at: string): Promise<void> =>
  writeTurns(source.manager, [
    {
      run: { id: runId, rootId: runId },
      log: [
        { stepId: null, kind: 'run', at: Date.parse(at), outcome: 'started', reason: 'started' },
        {
          stepId: 'mail',
          kind: 'send',
          at: Date.parse(at),
          outcome: 'sent',
          reason: 'sent',
          input: { a: 1 },
        },
      ],
    },
  ]);
const placeOf = async (runId: string): Promise<string[]> =>
  (
    await source.query<{ place: string }[]>(
      `SELECT tableoid::regclass::text AS place FROM run_turns WHERE run_id = $1`,
      [runId],
    )
  ).map(({ place }) => place);
const addRun = async (id: string, endedAt: string | null, parentId: string | null = null): Promise<void> => {
  await source.query(
    `INSERT INTO runs (id, workflow_id, version, root_id, parent_id, status, vars, triggered_at, ended_at)
     VALUES ($1, 'w', 1, $2, $3, $4, '{}', '2026-03-02', $5)`,
    [id, parentId ?? id, parentId, endedAt ? 'done' : 'waiting', endedAt],
  );
  const ids = { runId: id, rootId: parentId ?? id, workflowId: 'w', stepId: 'mail', personId: null };
  const intent = { ...ids, intentKey: `${parentId ?? id}:mail:${id}:-:1`, kind: 'send', what: 'invite' };
  await noteIntents(source.manager, [intent], clock.now());
};
const left = async (table: string, column: string): Promise<string[]> =>
  (await source.query<Record<string, string>[]>(`SELECT ${column} FROM ${table} ORDER BY 1`)).map(
    (row) => row[column]!,
  );

describe('the history of runs', () => {
  it('shows the lines of a turn one by one, in their order', async () => {
    await turnAt('shown', '2026-03-02T08:00:00Z');
    const lines = await source.query(
      `SELECT kind, outcome, step_id, input, at FROM run_log WHERE root_id = 'shown' ORDER BY seq, line`,
    );
    expect(lines).toEqual([
      { kind: 'run', outcome: 'started', step_id: null, input: null, at: new Date('2026-03-02T08:00:00Z') },
      {
        kind: 'send',
        outcome: 'sent',
        step_id: 'mail',
        input: { a: 1 },
        at: new Date('2026-03-02T08:00:00Z'),
      },
    ]);
  });

  it('lies by month, whose tables are made ahead and only once', async () => {
    await Promise.all([keepAll(), keepAll()]);
    await keepAll();
    await turnAt('april', '2026-04-30T23:59:59Z');
    expect(await placeOf('april')).toEqual(['run_turns_2026_04']);
    // What was written before its month stood has moved there.
    expect(await placeOf('shown')).toEqual(['run_turns_2026_03']);
  });

  it('is not lost when the clock jumps into a month without a table', async () => {
    await turnAt('jumped', '2027-01-15T00:00:00Z');
    expect(await placeOf('jumped')).toEqual(['run_turns_default']);
    clock.moveTo(new Date('2027-01-15T00:00:00Z'));
    await keepAll();
    expect(await placeOf('jumped')).toEqual(['run_turns_2027_01']);
  });

  it('goes with its runs and their intents after thirteen months, but never from a run that lives', async () => {
    await addRun('old', '2026-03-31T00:00:00Z');
    await addRun('old/each/1', '2026-03-31T00:00:00Z', 'old');
    await addRun('recent', '2026-12-31T00:00:00Z');
    await addRun('living', null);
    clock.moveTo(new Date('2027-05-01T00:00:00Z'));
    await keepAll();
    expect(await placeOf('shown')).toEqual([]);
    expect(await placeOf('april')).toEqual(['run_turns_2026_04']);
    expect(await left('runs', 'id')).toEqual(['living', 'recent']);
    expect(await left('intents', 'run_id')).toEqual(['living', 'recent']);
  });

  it('leaves the event that runs share as long as one of them lives', async () => {
    await addRun('waiting of all', null);
    await source.query(`UPDATE runs SET event_of = 'shared' WHERE id = 'waiting of all'`);
    await source.query(
      `INSERT INTO run_events (id, event) VALUES ('shared', '{"a": 1}'), ('nobody''s', '{}')`,
    );
    await keepAll();
    expect(await left('run_events', 'id')).toEqual(['shared']);
  });

  it('takes along what was kept for a time that is over, and leaves the rest', async () => {
    const [past, lately] = ['2026-01-01', '2027-04-30'];
    await source.query(
      `INSERT INTO calls (intent_key, webhook_id, run_id, step_id, url, body, attempt, state, created_at) VALUES
         ('past', 'a', 'gone', 's', 'u', '{}', 1, 'done', $1), ('open', 'b', 'gone', 's', 'u', '{}', 1, 'open', $1),
         ('kept', 'c', 'living', 's', 'u', '{}', 1, 'done', $1), ('lately', 'd', 'gone', 's', 'u', '{}', 1, 'done', $2)`,
      [past, lately],
    );
    await source.query(
      `INSERT INTO deferred_events SELECT run, gen_random_uuid(), 'e', 'any', 'e', '{}', $1 FROM unnest(ARRAY['living', 'recent', 'gone']) run`,
      [lately],
    );
    await source.query(`INSERT INTO survey_asks VALUES ('past', 's', $1), ('lately', 's', $2)`, [
      past,
      lately,
    ]);
    await source.query(
      `INSERT INTO throttles (workflow_id, step_id, key, places, free_at) VALUES ('w', 's', 'free', '[]', $1), ('w', 's', 'held', '[]', '2027-06-01')`,
      [lately],
    );
    await source.query(
      `INSERT INTO held_events (scope, event_id, type, data, occurred_at, failure)
       SELECT scope, gen_random_uuid(), 'e', '{}', $1, failure FROM (VALUES ('failed', 'x'), ('to be told', NULL)) h(scope, failure)`,
      [past],
    );
    await source.query(
      `INSERT INTO workflow_moves (id, workflow_id, waiting, reason, created_at, finished_at)
       SELECT gen_random_uuid(), 'w', '"keep"', reason, $1, done FROM (VALUES ('over', $1::timestamptz), ('under way', NULL)) m(reason, done)`,
      [past],
    );
    await source.query(
      `INSERT INTO workflow_versions (workflow_id, version, source, definition, published_at)
       SELECT id, version, '', '{}', $1 FROM (VALUES ('w', 1), ('x', 1), ('x', 2)) v(id, version)`,
      [past],
    );
    await source.query(`INSERT INTO workflows (id, active_version, scheduled_until) VALUES ('x', 2, now())`);
    await source.query(`INSERT INTO listening_versions VALUES ('w', 1), ('x', 1), ('x', 2)`);
    await keepAll();
    expect(await left('calls', 'intent_key')).toEqual(['kept', 'lately', 'open']);
    expect(await left('deferred_events', 'run_id')).toEqual(['living']);
    expect(await left('survey_asks', 'ask_id')).toEqual(['lately']);
    expect(await left('throttles', 'key')).toEqual(['held']);
    expect(await left('held_events', 'scope')).toEqual(['to be told']);
    expect(await left('workflow_moves', 'reason')).toEqual(['under way']);
    const listening = await source.query(
      `SELECT workflow_id AS w, version FROM listening_versions ORDER BY 1, 2`,
    );
    expect(listening).toEqual([
      { w: 'w', version: 1 },
      { w: 'x', version: 2 },
    ]);
  });
});
