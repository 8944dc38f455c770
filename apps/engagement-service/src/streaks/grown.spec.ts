import { describe, expect, it } from '@jest/globals';
import type { Badge } from '#libs/scoring';
import { grantsOfGrown, grownRuns } from './grown.js';

const run = (from: string, to: string, length: number, streak = 'weeks') => ({
  personId: 'ann',
  streak,
  from,
  to,
  length,
});
const badge = (id: string, when: object, repeat = 'all_time') =>
  ({ id, name: id, description: id, when, repeat }) as Badge;
const badges = [
  badge('two', { streak: 'weeks', reaches: 2 }),
  badge('steps', { streak: 'weeks', tiers: { bronze: 3, silver: 4, gold: 9 } }, 'month'),
  badge('other', { streak: 'days', reaches: 3 }),
];
const [first, second] = [run('2026-01-05', '2026-01-12', 2), run('2026-02-02', '2026-02-09', 2)];
const days = run('2026-01-05', '2026-01-06', 2, 'days');

describe('a streak that leave has joined', () => {
  const grown = grownRuns([first, second, days], [run('2026-01-05', '2026-02-09', 4), days]);

  it('has grown beyond the longer of its parts; others have not', () => {
    expect(grown).toEqual([{ ...run('2026-01-05', '2026-02-09', 4), before: 2 }]);
  });

  it('brings what no part of it has brought, as of when it was that long', () => {
    const at = new Date('2026-02-03T00:00:00Z');
    const grants = grown.flatMap((one) =>
      grantsOfGrown(badges, one, (reaches) =>
        reaches === 3 ? { unit: '2026-01-26', at } : { unit: '2026-02-09', at },
      ),
    );
    expect(grants).toMatchObject([
      { badge: 'steps', tier: 'bronze', periodKey: '2026-01', cause: 'streak weeks reached 3', earnedAt: at },
      { badge: 'steps', tier: 'silver', periodKey: '2026-02', personId: 'ann' },
    ]);
  });
});

it('a streak that has lost a day brings nothing', () => {
  expect(grownRuns([run('2026-01-05', '2026-02-09', 4)], [first, second])).toEqual([]);
});
