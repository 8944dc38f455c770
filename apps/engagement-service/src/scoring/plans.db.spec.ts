import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { migrate } from '#libs/platform';
import { usageKey } from '#libs/scoring';
import type { Candidate, Usage } from '#libs/scoring';
import { createTestDatabase } from '../../../../test/support/database.js';
import type { TestDatabase } from '../../../../test/support/database.js';
import { plansOf } from '../../../../test/support/plans.js';
import { database as parts } from '../database.js';
import * as metrics from './metrics.query.js';
import * as scoring from './scoring.query.js';

let database: TestDatabase;
let source: DataSource;

const md5 = (text: string): string => `md5(${text})::uuid`;
const person = `'p' || i % 5000`;

/** What five thousand people have brought together in some months. */
beforeAll(async () => {
  database = await createTestDatabase({ template: 'engagement', migrate: (url) => migrate(url, parts) });
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  await source.query(
    `INSERT INTO metric_days (person_id, metric, day, value)
     SELECT ${md5(person)}, 'm' || i % 7, date '2025-01-01' + i / 5000, 1 FROM generate_series(1, 300000) i`,
  );
  await source.query(
    `INSERT INTO metric_elements (person_id, metric, element, day)
     SELECT ${md5(person)}, 'm' || i % 7, 'e' || i, date '2025-01-01' + i / 5000 FROM generate_series(1, 100000) i`,
  );
  await source.query(
    `INSERT INTO metric_crossings (person_id, metric, per, period_key, threshold, at)
     SELECT ${md5(person)}, 'm' || i % 7, 'week', 'w' || i, 10, now() FROM generate_series(1, 100000) i`,
  );
  await source.query(
    `INSERT INTO rule_usages (person_id, rule, per, period_key, object, points, times)
     SELECT ${md5(person)}, 'r' || i % 30, 'day', 'd' || i, '', 5, 1 FROM generate_series(1, 100000) i`,
  );
  await source.query(
    `INSERT INTO balances (person_id, balance, lifetime) SELECT ${md5(`'p' || i`)}, 5, 5 FROM generate_series(0, 99999) i`,
  );
  await source.query('VACUUM ANALYZE');
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

/** Six hundred people of a batch, a threshold of each. */
const ids = Array.from({ length: 600 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
const candidates: Candidate[] = ids.map((personId) => ({
  personId,
  metric: 'm1',
  per: 'week',
  periodKey: '2025-W05',
  threshold: 5,
  day: '2025-01-28',
  from: '2025-01-27',
  to: '2025-02-03',
}));
const usages: Usage[] = ids.map((personId) => ({
  personId,
  rule: 'r1',
  per: 'day',
  periodKey: 'd1',
  object: '',
  points: 0,
  times: 0,
}));

describe('the plan of a batch, however long the history,', () => {
  it.each([
    ['of sums', 'metric_days', () => plansOf(source, (manager) => metrics.readSums(manager, candidates))],
    [
      'of counts',
      'metric_elements',
      () => plansOf(source, (manager) => metrics.readCounts(manager, candidates)),
    ],
    [
      'of elements met before',
      'metric_elements',
      () =>
        plansOf(source, (manager) =>
          metrics.readKnownElements(
            manager,
            candidates,
            candidates.map(({ personId, metric, day }) => ({ personId, metric, element: 'e', day })),
          ),
        ),
    ],
    [
      'of caps',
      'rule_usages',
      () =>
        plansOf(source, (manager) =>
          scoring.readUsages(manager, new Map(usages.map((usage) => [usageKey(usage), usage]))),
        ),
    ],
  ])('%s looks each one up in %s', async (_what, table, plan) => {
    expect(await plan()).toMatch(new RegExp(`Index (Only )?Scan (using|on) ${table}_`));
    expect(await plan()).not.toMatch(/Seq Scan/);
  });

  it('of locking people finds each by the key', async () => {
    expect(await plansOf(source, (manager) => scoring.lockPeople(manager, ids))).not.toMatch(/Seq Scan/);
  });
});
