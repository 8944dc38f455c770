import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { award, chancesOf, matchesOf, rescore, rescoringNeeds, sameRules, usagesNeeded } from './index.js';
import type { Activity, Outcome, Rule, Scored } from './index.js';

const rule = (more: Partial<Rule> = {}): Rule => ({
  id: 'share',
  name: 'Share',
  when: 'content.shared',
  award: 10,
  version: 2,
  ...more,
});
const share = (id: number, day: string, more: Partial<Activity> = {}): Activity => ({
  id: `s${String(id).padStart(3, '0')}`,
  type: 'content.shared',
  personId: 'ada',
  objectId: null,
  occurredAt: Date.parse(day) + id,
  day,
  data: {},
  ...more,
});
const give = (activities: readonly Activity[], by: Rule): Outcome => {
  const chances = chancesOf(matchesOf(activities, sameRules([by])));
  return award(chances, { usages: usagesNeeded(chances), budgets: new Map() });
};
/** What a rule gave when these happened. */
function scored(activities: readonly Activity[], by: Rule): Scored[] {
  const { awards } = give(activities, by);
  const points = new Map(awards.map((item) => [item.activity.id, item.points]));
  return activities.map((activity) => ({
    activity,
    personId: activity.personId,
    day: activity.day,
    given: points.get(activity.id) ?? 0,
    isSettled: false,
    isMeant: true,
  }));
}
const after = (history: readonly Scored[], { adjustments }: ReturnType<typeof rescore>): Scored[] =>
  history.map((item) => ({
    ...item,
    given: item.given + (adjustments.find(({ activity }) => activity.id === item.activity.id)?.points ?? 0),
  }));

describe('counting a rule backwards', () => {
  const three = [share(1, '2026-01-05'), share(2, '2026-01-06'), share(3, '2026-01-07')];

  it('adjusts what happened from that day on, and nothing before', () => {
    const { adjustments } = rescore(rule({ award: 15 }), scored(three, rule()), '2026-01-06');
    expect(adjustments.map(({ activity, points, reason }) => [activity.id, points, reason])).toEqual([
      ['s002', 5, 'Share, version 2, counted backwards: 15 points instead of 10.'],
      ['s003', 5, 'Share, version 2, counted backwards: 15 points instead of 10.'],
    ]);
  });

  it('takes back what the rule gives no more', () => {
    const narrower = rule({ if: 'event.network == "x"' });
    expect(rescore(narrower, scored(three, rule()), '2026-01-07').adjustments).toMatchObject([
      { points: -10 },
    ]);
  });

  it('counts what was given earlier in the same week towards its cap', () => {
    const capped = rule({ limit: { per: 'week', points: 25 } });
    expect(rescoringNeeds(capped, '2026-01-07')).toBe('2026-01-05');
    const { adjustments, usages } = rescore(capped, scored(three, rule()), '2026-01-07');
    expect(adjustments).toMatchObject([{ activity: { id: 's003' }, points: -5 }]);
    expect(usages).toMatchObject([{ periodKey: '2026-W02', points: 25, times: 3 }]);
  });

  it('counts what was given before once, also where two caps are of the same week', () => {
    const limit: Rule['limit'] = [
      { per: 'week', times: 3 },
      { per: 'week', points: 25 },
    ];
    const { adjustments, usages } = rescore(rule({ limit }), scored(three, rule()), '2026-01-07');
    expect(adjustments).toMatchObject([{ activity: { id: 's003' }, points: -5 }]);
    expect(usages).toMatchObject([{ points: 25, times: 3 }]);
  });

  it('leaves alone what somebody has held or taken back', () => {
    const history = scored(three, rule()).map((item) => ({
      ...item,
      isSettled: item.activity.id === 's003',
    }));
    const { adjustments } = rescore(rule({ award: 20 }), history, '2026-01-06');
    expect(adjustments.map(({ activity }) => activity.id)).toEqual(['s002']);
  });

  it('stops where another version judges, and counts what that one gave towards the caps afterwards', () => {
    const capped = rule({ limit: { per: 'week', points: 25 } });
    const history = scored(three, rule());
    const { adjustments, usages } = rescore(capped, history, '2026-01-05', history[2]!.activity.occurredAt);
    expect(adjustments).toEqual([]);
    expect(usages).toMatchObject([{ points: 30, times: 3 }]);
    const doubled = rescore(rule({ award: 20 }), history, '2026-01-05', history[2]!.activity.occurredAt);
    expect(doubled.adjustments.map(({ activity }) => activity.id)).toEqual(['s001', 's002']);
  });

  const days = ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-08', '2026-02-09'];
  const activities = fc
    .array(fc.tuple(fc.constantFrom(...days), fc.constantFrom('ada', 'bob')), { maxLength: 30 })
    .map((list) => list.map(([day, personId], index) => share(index, day, { personId })));
  const limits = fc.constantFrom<Rule['limit']>(
    undefined,
    { per: 'day', times: 2 },
    { per: 'week', points: 25 },
    [
      { per: 'day', points: 15 },
      { per: 'month', times: 4 },
    ],
    { per: 'all_time', points: 50 },
    [
      { per: 'day', times: 2 },
      { per: 'day', points: 15 },
    ],
  );
  const rules = fc
    .record({ award: fc.integer({ min: 1, max: 20 }), limit: limits })
    .map((more) => rule(more));

  it('twice is counting it once', () => {
    fc.assert(
      fc.property(activities, rules, rules, fc.constantFrom(...days), (all, old, now, since) => {
        const history = scored(all, old);
        const once = after(history, rescore(now, history, since));
        expect(rescore(now, once, since).adjustments).toEqual([]);
      }),
    );
  });

  it('from the very beginning gives what the rule would have given from the beginning', () => {
    fc.assert(
      fc.property(activities, rules, rules, (all, old, now) => {
        const history = scored(all, old);
        const { usages, ...rest } = rescore(now, history, '2000-01-01');
        expect(after(history, { usages, ...rest })).toEqual(scored(all, now));
        const { usages: fresh } = give(all, now);
        const standing = (list: typeof usages): string[] =>
          list
            .filter(({ times }) => times > 0)
            .map((usage) => JSON.stringify(Object.entries(usage).toSorted(([a], [b]) => (a < b ? -1 : 1))))
            .sort();
        expect(standing(usages)).toEqual(standing(fresh));
      }),
    );
  });
});
