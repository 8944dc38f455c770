import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { migrate } from '#libs/platform';
import { createTestDatabase } from '../../../../test/support/database.js';
import type { TestDatabase } from '../../../../test/support/database.js';
import { plansOf } from '../../../../test/support/plans.js';
import { database as parts } from '../database.js';
import { leaseCalls } from '../webhooks/calls.query.js';
import { findHeard } from './hearing.query.js';
import { lockAlive, oldestQueued } from './queue.query.js';
import { lockListening, lockRequested } from './runs.query.js';

let database: TestDatabase;
let source: DataSource;

/** 60,000 runs, of which 3,000 listen and 300 stand in queues, and 50,000 events heard lately. */
beforeAll(async () => {
  database = await createTestDatabase({ template: 'engagement', migrate: (url) => migrate(url, parts) });
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  await source.query(
    `INSERT INTO runs (id, workflow_id, version, root_id, key, person_id, status, vars, triggered_at, await_event, await_on)
     SELECT 'r' || i, 'w' || i % 6, 1, 'r' || i, 'k' || i, md5('p' || i % 5000)::uuid,
       CASE WHEN i % 20 = 0 THEN 'waiting' WHEN i % 200 = 1 THEN 'queued' ELSE 'done' END, '{}', '2026-01-01',
       CASE WHEN i % 20 = 0 THEN 'training.attended' END, CASE WHEN i % 20 = 0 THEN 'key:k' || i END
     FROM generate_series(1, 60000) i`,
  );
  await source.query(
    `INSERT INTO heard_events SELECT 'training.attended', 'key:k' || i, md5('e' || i)::uuid, 'training.attended', '{}', now(), now()
     FROM generate_series(1, 50000) i`,
  );
  await source.query(
    `INSERT INTO calls SELECT 'c' || i, 'm' || i, 'r' || i, 's', 'https://x.test', '{}', 1, CASE WHEN i > 20000 THEN 'open' ELSE 'done' END,
       NULL, '{}', now() FROM generate_series(1, 20020) i`,
  );
  await source.query(`INSERT INTO workflows SELECT 'w' || i, 1, now() FROM generate_series(0, 5) i`);
  await source.query('VACUUM ANALYZE');
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const planOf = (work: (manager: EntityManager) => Promise<unknown>): Promise<string> => plansOf(source, work);

const keys = Array.from({ length: 200 }, (_, i) => ({ workflowId: 'w1', key: `k${i}` }));

describe('the plan', () => {
  it('of waking runs finds them by what they listen to', async () => {
    const places = keys.map(({ key }) => ({ awaitEvent: 'training.attended', awaitOn: `key:${key}` }));
    const plan = await planOf((manager) =>
      lockListening(manager, [{ workflowId: 'w1', version: 1 }], places),
    );
    expect(plan).toMatch(/runs_awaiting/);
    expect(plan).not.toMatch(/Seq Scan on runs/);
  });

  it('of what was heard lately finds it by where it was listened for', async () => {
    const listeners = keys.map(({ key }) => ({
      runId: key,
      awaitEvent: 'training.attended',
      awaitOn: `key:${key}`,
      from: 0,
    }));
    const plan = await planOf((manager) => findHeard(manager, listeners));
    expect(plan).toMatch(/heard_events_pkey/);
    expect(plan).not.toMatch(/Seq Scan on heard_events/);
  });

  it('of queues and their living runs looks keys up', async () => {
    const queued = await planOf((manager) => oldestQueued(manager, keys));
    expect(queued).toMatch(/runs_queued/);
    expect(`${queued}\n${await planOf((manager) => lockAlive(manager, keys))}`).not.toMatch(
      /Seq Scan on runs/,
    );
  });

  it('of stopping runs for a workflow finds them by key or person', async () => {
    const stop = { workflow: 'all', exceptRootId: 'r1', at: new Date('2026-02-01') };
    const personId = '00000000-0000-4000-8000-000000000000';
    for (const whose of [
      { key: 'k20', personId: null },
      { key: null, personId },
    ])
      expect(await planOf((manager) => lockRequested(manager, { ...stop, ...whose }))).not.toMatch(
        /Seq Scan on runs/,
      );
  });

  it('of calls looks at open ones only', async () => {
    expect(await planOf((manager) => leaseCalls(manager, 20, 30))).toMatch(/calls_open/);
  });
});
