import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  award,
  badgesSchema,
  earnedMediaValue,
  chancesOf,
  contributionsOf,
  increments,
  limitsOf,
  matchesOf,
  periodOfDay,
  periodOfLimit,
  rulesSchema,
  sameRules,
  usageKey,
  usagesNeeded,
  valueOf,
} from './index.js';
import type { Activity, Chance, Metrics, Outcome, Rule, Usage } from './index.js';

const activity = (more: Partial<Activity> = {}): Activity => ({
  id: 'a',
  type: 'content.shared',
  personId: 'ada',
  objectId: null,
  occurredAt: 0,
  day: '2026-03-02',
  data: {},
  ...more,
});
const rule = (more: Partial<Rule> = {}): Rule => ({
  id: 'share',
  name: 'Share',
  when: 'content.shared',
  award: 10,
  version: 1,
  ...more,
});
const chancesIn = (activities: readonly Activity[], rules: readonly Rule[]): Chance[] =>
  chancesOf(matchesOf(activities, sameRules(rules)));
const run = (
  activities: readonly Activity[],
  rules: readonly Rule[],
  stored?: ReadonlyMap<string, Usage>,
): Outcome => {
  const chances = chancesIn(activities, rules);
  return award(chances, { usages: stored ?? usagesNeeded(chances), budgets: new Map() });
};

/** Days around the turn of a week, a month, a quarter and a year. */
const days = [
  '2025-12-28',
  '2025-12-29',
  '2025-12-31',
  '2026-01-01',
  '2026-01-04',
  '2026-01-05',
  '2026-03-31',
  '2026-04-01',
];
const activities = fc
  .array(
    fc.record({
      personId: fc.constantFrom('ada', 'bob'),
      day: fc.nat(days.length - 1),
      minute: fc.nat(1_000),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    list.map(({ personId, day, minute }, i) =>
      activity({
        id: `a${i}`,
        personId,
        day: days[day]!,
        occurredAt: Date.parse(`${days[day]}T00:00:00Z`) + minute * 60_000,
      }),
    ),
  );
const limit = fc
  .record(
    {
      per: fc.constantFrom(
        'day' as const,
        'week' as const,
        'month' as const,
        'quarter' as const,
        'all_time' as const,
      ),
      points: fc.integer({ min: 1, max: 60 }),
      times: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: ['per'] },
  )
  .filter((one) => one.points !== undefined || one.times !== undefined);
const rules = fc
  .array(fc.record({ award: fc.integer({ min: 1, max: 30 }), limit: fc.array(limit, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) => list.map((one, i) => rule({ id: `r${i}`, ...one })));

describe('awarding points', () => {
  it('never gives more than a cap allows, in any period, to anybody', () => {
    fc.assert(
      fc.property(activities, rules, (batch, all) => {
        const { awards } = run(batch, all);
        for (const one of all) {
          for (const cap of limitsOf(one)) {
            const spent = new Map<string, number[]>();
            for (const { activity: done, points } of awards.filter((item) => item.rule === one.id)) {
              const key = `${done.personId}|${periodOfDay(periodOfLimit(cap), done.day).key}`;
              spent.set(key, [...(spent.get(key) ?? []), points]);
            }
            for (const given of spent.values()) {
              expect(given.length).toBeLessThanOrEqual(cap.times ?? Infinity);
              expect(given.reduce((sum, points) => sum + points, 0)).toBeLessThanOrEqual(
                cap.points ?? Infinity,
              );
            }
          }
        }
      }),
    );
  });

  it('depends neither on the order of a batch nor on how it is cut, as long as the earlier comes first', () => {
    fc.assert(
      fc.property(activities, rules, fc.nat(60), fc.infiniteStream(fc.nat()), (batch, all, cut, noise) => {
        const whole = run(batch, all);
        const keys = new Map(batch.map((item) => [item.id, noise.next().value]));
        const shuffled = [...batch].sort((a, b) => keys.get(a.id)! - keys.get(b.id)!);
        expect(run(shuffled, all).awards).toEqual(whole.awards);
        const sorted = [...batch].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
        const first = run(sorted.slice(0, cut), all);
        const stored = new Map([
          ...usagesNeeded(chancesIn(sorted.slice(cut), all)),
          ...first.usages.map((usage) => [usageKey(usage), usage] as const),
        ]);
        expect([...first.awards, ...run(sorted.slice(cut), all, stored).awards]).toEqual(whole.awards);
      }),
    );
  });

  it('gives or refuses every point with a reason: nothing vanishes', () => {
    fc.assert(
      fc.property(activities, rules, (batch, all) => {
        const { awards, refusals } = run(batch, all);
        const total = [...awards, ...refusals].reduce((sum, { points }) => sum + points, 0);
        expect(total).toBe(batch.length * all.reduce((sum, one) => sum + one.award, 0));
        for (const { points, reason } of [...awards, ...refusals])
          expect([points > 0, reason.length > 10]).toEqual([true, true]);
      }),
    );
  });

  it('gives what is left of a cap, and says so', () => {
    const { awards, refusals } = run([activity()], [rule({ limit: { per: 'week', points: 7 } })]);
    expect(awards).toMatchObject([
      { points: 7, reason: 'Share: 7 of 10 points, as a cap left no more room.' },
    ]);
    expect(refusals).toMatchObject([
      { points: 3, reason: 'The cap of "Share" is reached: at most 7 points a week.' },
    ]);
  });

  it('asks the condition, and holds back when it cannot be answered', () => {
    const clicks = [{ credible: true }, { credible: false }, {}].map((data, i) =>
      activity({ id: `c${i}`, data }),
    );
    expect(run(clicks, [rule({ if: 'event.credible' })]).awards.map((item) => item.activity.id)).toEqual([
      'c0',
    ]);
  });

  it('keeps a rule to the days it is valid on, the last one excluded', () => {
    const batch = ['2026-01-04', '2026-01-05', '2026-03-31'].map((day) => activity({ id: day, day }));
    const valid = rule({ valid_from: '2026-01-05', valid_to: '2026-03-31' });
    expect(run(batch, [valid]).awards.map((item) => item.activity.id)).toEqual(['2026-01-05']);
  });
});

const rates = { default: { cpc: 1, cpm: 8 }, linkedin: { cpc: 4.5, cpm: 28 } };

describe('increments', () => {
  const metrics: Metrics = {
    shares: { name: 'Shares', count: 'content.shared' },
    reach: { name: 'Reach', sum: 'share.measured', of: 'event.impressions' },
    credible: { name: 'Credible', count: 'link.clicked', if: 'event.credible' },
    worth: { name: 'Worth', earned_media_value: true },
  };
  const measured = (id: string, impressions: number, more: Partial<Activity> = {}): Activity =>
    activity({ id, type: 'share.measured', data: { impressions, network: 'linkedin' }, ...more });

  const added = (batch: Activity[]) => increments(contributionsOf(batch, metrics, rates));

  it('sum a batch per metric, person and day, and leave out what changes nothing', () => {
    const batch = [
      activity({ id: '1' }),
      activity({ id: '2' }),
      activity({ id: '3', day: '2026-03-03' }),
      activity({ id: '4', personId: 'bob' }),
    ];
    const click = activity({ id: '5', type: 'link.clicked', data: { credible: false, network: 'x' } });
    const result = added([...batch, measured('6', 300), measured('7', -300), click]);
    expect(
      result.map(({ metric, personId, day, value }) => `${metric} ${personId} ${day} ${value}`).sort(),
    ).toEqual(['shares ada 2026-03-02 2', 'shares ada 2026-03-03 1', 'shares bob 2026-03-02 1']);
  });

  it('take a correction downwards', () => {
    const [reach, worth] = added([measured('1', -1_000)]);
    expect([reach, worth]).toMatchObject([
      { metric: 'reach', value: -1_000 },
      { metric: 'worth', value: -28 },
    ]);
  });
});

describe('earned media value', () => {
  it.each([
    [{ cpc: 0, cpm: 10 }, 0, 10_000, 100],
    [{ cpc: 1.53, cpm: 0 }, 19_689, 0, 30_124.17],
    [{ cpc: 4.5, cpm: 28 }, 2, 500, 23],
  ])('at %j of %i clicks and %i impressions is %d', (rate, clicks, impressions, value) => {
    expect(earnedMediaValue(rate, clicks, impressions)).toBeCloseTo(value, 6);
  });

  it('counts credible clicks only, at the rate of their network or the default', () => {
    const click = (network: string, credible: boolean): Activity =>
      activity({ type: 'link.clicked', data: { network, credible } });
    expect(
      [click('linkedin', true), click('mastodon', true), click('linkedin', false)].map((item) =>
        valueOf(item, rates),
      ),
    ).toEqual([4.5, 1, 0]);
  });
});

describe('the files of a programme', () => {
  it('are refused with the mend', () => {
    const messages = (result: { error?: { issues: { message: string }[] } }): string[] =>
      result.error?.issues.map(({ message }) => message) ?? [];
    expect(
      messages(rulesSchema.safeParse([{ ...rule(), version: undefined, if: 'event.credible >' }])),
    ).not.toEqual([]);
    expect(
      messages(
        rulesSchema.safeParse([{ id: 'Share!', name: 'x', when: 'a', award: 1, limit: { per: 'day' } }]),
      ),
    ).toEqual(expect.arrayContaining(['use lower case and hyphens']));
    expect(
      messages(
        badgesSchema.safeParse([{ id: 'b', name: 'B', description: 'B', when: { metric: 'm', reaches: 0 } }]),
      ),
    ).toHaveLength(1);
  });
});
