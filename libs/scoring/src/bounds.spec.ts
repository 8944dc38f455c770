import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  award,
  badgesSchema,
  budgetKey,
  budgetsNeeded,
  chancesOf,
  challengesSchema,
  levelsSchema,
  matchesOf,
  objectBadgesOf,
  objectSums,
  rulesSchema,
  sameRules,
  usageOf,
  usagesNeeded,
} from './index.js';
import type { Activity, Outcome, Rule } from './index.js';

const rule = (more: Partial<Rule>): Rule => ({
  id: 'share',
  name: 'Share',
  when: 'content.shared',
  award: 20,
  version: 1,
  ...more,
});
const share = (index: number, data: Record<string, unknown> = {}): Activity => ({
  id: `s${String(index).padStart(3, '0')}`,
  type: 'content.shared',
  personId: 'ada',
  objectId: null,
  occurredAt: Date.parse('2026-03-02T10:00:00Z') + index,
  day: '2026-03-02',
  data,
});
const budgeting = { zone: 'UTC', budgets: [] };
function give(count: number, by: Rule): Outcome {
  const activities = Array.from({ length: count }, (_, index) => share(index));
  const chances = chancesOf(matchesOf(activities, sameRules([by])));
  const stored = { usages: usagesNeeded(chances), budgets: budgetsNeeded(chances, budgeting) };
  return award(chances, stored, budgeting);
}

describe('two caps over the same period', () => {
  it('count each time once: the tighter one decides', () => {
    const { awards, usages } = give(
      8,
      rule({
        limit: [
          { per: 'day', times: 5 },
          { per: 'day', points: 1000 },
        ],
      }),
    );
    expect(awards).toHaveLength(5);
    expect(usages).toMatchObject([{ times: 5, points: 100 }]);
  });

  it('leave exactly as much as the tighter one alone', () => {
    const numbers = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 200 }), numbers, (times, points, count) => {
        const { awards, usages } = give(
          count,
          rule({
            limit: [
              { per: 'day', times },
              { per: 'day', points },
            ],
          }),
        );
        const given = awards.reduce((sum, award) => sum + award.points, 0);
        expect(given).toBe(Math.min(20 * Math.min(times, count), points));
        expect(usages).toMatchObject([{ times: awards.length, points: given }]);
      }),
    );
  });

  it('that are budgets spend their points once', () => {
    const { awards, budgets } = give(
      4,
      rule({
        budget: [
          { per: 'month', points: 60 },
          { per: 'month', points: 90 },
        ],
      }),
    );
    expect(awards).toHaveLength(3);
    expect(budgets.map((budget) => [budgetKey(budget), budget.points])).toEqual([
      ['share|month|2026-03', 60],
    ]);
  });
});

describe('what tells objects apart', () => {
  const long = (tail: string): Activity => share(1, { url: `https://${'x'.repeat(5_000)}${tail}` });
  const limit = { per_object: 'event.url', times: 1 } as const;
  const keyOf = (activity: Activity): string =>
    usageOf(limit, { rule: rule({ limit }), activity, personId: 'ada', day: activity.day }).object;

  it('is as long as an index can hold, also for a cap per object', () => {
    expect(keyOf(long('a')).length).toBeLessThanOrEqual(220);
    expect(keyOf(share(1, { url: 'a' }))).not.toBe(keyOf(share(1, { url: 'b' })));
  });

  it('is never cut within a character', () => {
    expect(keyOf(share(1, { url: `${'x'.repeat(199)}👍` }))).toBe(`event.url=${'x'.repeat(199)}`);
  });

  it('is as long as an index can hold, also for a badge per object', () => {
    const when = { metric: 'shares', reaches: 2, of: 'event.url' };
    const badges = badgesSchema.parse([{ id: 'b', name: 'B', description: 'B', when }]);
    const sums = objectSums([{ metric: 'shares', activity: long('a'), value: 1 }], objectBadgesOf(badges));
    expect([...sums.values()].map(({ objectId }) => objectId.length)).toEqual([200]);
  });
});

describe('numbers the database has no room for', () => {
  const own = { id: 'share', name: 'Share', when: 'content.shared' };
  it.each([
    ['the award of a rule', rulesSchema, [{ ...own, award: 5_000_000_000 }]],
    ['the cap of a rule', rulesSchema, [{ ...own, award: 1, limit: { per: 'day', times: 5_000_000_000 } }]],
    ['a level', levelsSchema, [{ id: 'high', name: 'High', points: 5_000_000_000 }]],
    [
      'the reward of a challenge',
      challengesSchema,
      [
        {
          id: 'c',
          name: 'C',
          kind: 'personal',
          metric: 'points',
          target: 1,
          period: 'month',
          reward: { points: 5_000_000_000 },
        },
      ],
    ],
  ])('are refused in the file: %s', (_what, schema, value) => {
    const parsed = schema.safeParse(value);
    expect(JSON.stringify(parsed.error?.issues)).toContain('too_big');
  });
});
