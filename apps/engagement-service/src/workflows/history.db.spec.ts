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
});
