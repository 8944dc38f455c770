import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { periodFromKey } from '#libs/calendar';
import { migrate } from '#libs/platform';
import { newRun } from '#libs/workflow';
import { createTestDatabase } from '../../../test/support/database.js';
import type { TestDatabase } from '../../../test/support/database.js';
import { plansOf as plansIn } from '../../../test/support/plans.js';
import { boardSchema, stretchOf } from '#libs/scoring';
import { loadScores } from './boards/boards.query.js';
import { freeze, frozenPage, frozenPlace } from './boards/closings.query.js';
import { database as parts } from './database.js';
import * as expansions from './workflows/expansions.query.js';
import { pruneRuns } from './workflows/history.query.js';
import * as runs from './workflows/runs.query.js';
import { updateRuns } from './workflows/runs-store.query.js';
import { readChanges } from './steering/run-stream.query.js';
import { RunsService } from './workflows/runs.service.js';

const now = new Date('2026-01-10');
const newUuid = '00000000-0000-4000-8000-000000000000';

let database: TestDatabase;
let source: DataSource;

/** A grown programme: 200,000 ledger entries of 5,000 people, 60,000 runs, of which few live, 100,000 events told. */
beforeAll(async () => {
  database = await createTestDatabase({ template: 'engagement', migrate: (url) => migrate(url, parts) });
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  const id = (text: string): string => `md5(${text})::uuid`;
  await source.query(
    `INSERT INTO ledger SELECT ${id(`'e' || i`)}, ${id(`'p' || i % 5000`)}, 'earn', 2, 'share', 1, ${id(`'s' || i`)}, 'because',
       timestamptz '2025-01-01' + i * interval '150 seconds', now() FROM generate_series(1, 200000) i`,
  );
  await source.query(
    `INSERT INTO runs (id, workflow_id, version, root_id, key, person_id, status, due_at, vars, triggered_at, started_at)
     SELECT 'r' || i, 'w' || i % 6, 1, 'r' || i, 'k' || i, ${id(`'p' || i % 5000`)}, CASE WHEN i % 20 = 0 THEN 'waiting' ELSE 'done' END,
       CASE WHEN i % 20 = 0 THEN timestamptz '2026-01-01' + i * interval '1 minute' END, '{}', '2026-01-01', '2026-01-01'
     FROM generate_series(1, 60000) i`,
  );
  await source.query(
    `INSERT INTO run_turns (run_id, root_id, at, lines) SELECT 'r' || i, 'r' || i, '2026-01-01', '[]' FROM generate_series(1, 60000) i`,
  );
  await source.query(
    `INSERT INTO intents (intent_key, run_id, root_id, workflow_id, step_id, kind, person_id, what, at)
     SELECT 'r' || i || ':mail:-:x:1', 'r' || i, 'r' || i, 'w' || i % 6, 'mail', 'send', ${id(`'p' || i % 5000`)}, 'invite', '2026-01-01'
     FROM generate_series(1, 60000) i`,
  );
  await source.query(`INSERT INTO workflows SELECT 'w' || i, 1, now() FROM generate_series(0, 5) i`);
  await source.query(
    `INSERT INTO outbox (event_id, subject, envelope)
     SELECT ${id(`'o' || i`)}, 's', '{}' FROM generate_series(1, 100000) i`,
  );
  await source.query(
    `INSERT INTO outbox_pending (seq, event_id) SELECT seq, event_id FROM outbox WHERE seq > 99900`,
  );
  await source.query(
    `INSERT INTO expansions (id, workflow_id, version, state, triggered_at, created_at)
     SELECT 'x' || i, 'w1', 1, CASE WHEN i > 20000 THEN 'open' ELSE 'settled' END, now(), now() FROM generate_series(1, 20010) i`,
  );
  await source.query(
    `INSERT INTO board_closings VALUES ('${newUuid}', 'b', 'k', now(), now(), now(), 20000)`,
  );
  await source.query(
    `INSERT INTO board_places (closing_id, person_id, subject, rank, score, reached_at, place)
     SELECT '${newUuid}', ${id(`'p' || i`)}, ${id(`'p' || i`)}, i, 9, now(), i FROM generate_series(1, 20000) i`,
  );
  await source.query('VACUUM ANALYZE');
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const plansOf = (work: (manager: EntityManager) => Promise<unknown>): Promise<string> =>
  plansIn(source, work);

/** Every statement of `GET /engagement/runs/:id`, which asks for the run first. */
const readRun = (manager: EntityManager): Promise<unknown> =>
  new RunsService(
    {
      query: async (sql: string, parameters: unknown[]) => {
        await manager.query(sql, parameters);
        return [{ rootId: 'r1' }];
      },
    } as never,
    {} as never,
    {} as never,
  ).get('r1');

describe('the plan', () => {
  it('of a board reads only the entries of its period', async () => {
    const board = boardSchema.parse({ id: 'b', name: 'B', metric: 'points', period: 'week', zone: 'UTC' });
    const stretch = stretchOf(periodFromKey('2025-W23', 'UTC')!, 'UTC');
    for (const plan of [
      await plansOf((manager) => loadScores(manager, board, stretch, now).next()),
      await plansOf((manager) => freeze(manager, newUuid, { board, stretch, now })),
    ]) {
      expect(plan).toMatch(/Index Only Scan using ledger_scores on ledger/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });

  it('of a closed board walks the places asked for', async () => {
    expect(await plansOf((manager) => frozenPage(manager, newUuid, 500, 50))).not.toMatch(
      /Seq Scan on board/,
    );
    expect(await plansOf((manager) => frozenPlace(manager, newUuid, newUuid))).not.toMatch(
      /Seq Scan on board/,
    );
  });

  it('of due runs walks the index of waiting ones that are not paused', async () => {
    const plan = await plansOf((manager) => runs.claimDue(manager, now, 1_000));
    expect(plan).toMatch(/Index Scan using runs_due on runs/);
    expect(plan).not.toMatch(/Seq Scan on runs/);
    expect(await plansOf((manager) => runs.nextDue(manager))).toMatch(/runs_due/);
  });

  it('of storing a batch finds each run by its id', async () => {
    const batch = Array.from({ length: 1_000 }, (_, i) => ({
      run: newRun({ id: `r${i}`, workflowId: 'w1', version: 1, key: null, personId: null, event: null }),
      triggeredAt: 0,
    }));
    const plan = await plansOf((manager) => updateRuns(manager, batch, now));
    expect(plan).toMatch(/runs_pkey/);
    expect(plan).not.toMatch(/Seq Scan on runs/);
  });

  it('of the waits of people who have moved looks at living runs only', async () => {
    expect(await plansOf((manager) => runs.lockWaits(manager, [newUuid]))).toMatch(/runs_living_person/);
  });

  it('of a run with its timeline and intents touches nothing of others', async () => {
    const plan = await plansOf((manager) => readRun(manager));
    expect(plan).toMatch(/run_turns_\w+_root_id_idx/);
    expect(plan).toMatch(/intents_pkey/);
    expect(plan).not.toMatch(/Seq Scan on (runs|run_turns\w*|intents)/);
  });

  it.each([
    [{ workflow: 'w1', from: '2026-01-09T00:00:00Z' }, 'runs_workflow'],
    [{ status: 'failed', error: 'smtp' }, 'runs_failed'],
    [{ personId: newUuid }, 'runs_person'],
    [
      { workflow: 'w1', step: 's1', status: 'living', branches: true },
      'runs_(living_person|workflow|awaiting|due)',
    ],
    [{ awaits: 'invitation.accepted' }, 'runs_awaiting'],
  ] as const)('of a search for runs by %j uses an index', async (filter, index) => {
    const plan = await plansOf((manager) =>
      new RunsService(manager as never, {} as never, { now: () => now } as never).search({
        filter,
        after: null,
        limit: 50,
      }),
    );
    expect(plan).toMatch(new RegExp(index));
    expect(plan).not.toMatch(/Seq Scan on runs/);
  });

  it('of the live stream reads on from a number', async () => {
    const plan = await plansOf((manager) => readChanges(manager, 1_000_000, 1_000_100, 1_000));
    expect(plan).toMatch(/run_turns_\w*seq/);
    expect(plan).not.toMatch(/Seq Scan on run_turns_2/);
  });

  it('of pruning finds the oldest runs of each workflow', async () => {
    const plan = await plansOf((manager) => pruneRuns(manager, new Date('2025-01-01')));
    expect(plan).toMatch(/Index Scan using runs_workflow on runs/);
    expect(plan).not.toMatch(/Seq Scan on runs/);
  });

  it('of stopping runs finds living ones by their key or person', async () => {
    const stops = Array.from({ length: 200 }, (_, i) => ({
      workflowId: 'w1',
      key: i % 2 ? `k${i}` : null,
      personId: i % 2 ? null : newUuid,
      at: now.getTime(),
    }));
    expect(await plansOf((manager) => runs.lockStopped(manager, stops))).not.toMatch(/Seq Scan on runs/);
  });

  it('of the branches of a run finds them by their parent', async () => {
    expect(await plansOf((manager) => runs.lockBranches(manager, ['r1', 'r2']))).not.toMatch(
      /Seq Scan on runs/,
    );
  });

  it('of fan-outs looks at open ones only', async () => {
    expect(await plansOf((manager) => expansions.claimOpen(manager))).toMatch(/expansions_open/);
    expect(await plansOf((manager) => expansions.claimSettled(manager, 500))).toMatch(/expansions_open/);
  });

  it('of the outbox walks what is not told yet, and reads nothing else', async () => {
    const claim = `SELECT seq, event_id AS id, subject, envelope AS payload FROM outbox WHERE event_id = ANY(ARRAY(
       SELECT event_id FROM outbox_pending ORDER BY seq LIMIT 1000 FOR UPDATE SKIP LOCKED
     )) ORDER BY seq`;
    const plan = await plansOf((manager) => manager.query(claim));
    expect(plan).toMatch(/Scan using outbox_pending_pkey on outbox_pending|Seq Scan on outbox_pending/);
    expect(plan).not.toMatch(/Seq Scan on outbox(?!_pending)/);
  });
});
