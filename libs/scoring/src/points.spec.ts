import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  award,
  budgetKey,
  budgetsNeeded,
  chancesOf,
  matchesOf,
  rulesSchema,
  sameRules,
  usageKey,
  usagesNeeded,
} from './index.js';
import type { Activity, BudgetUsage, Budgeting, Outcome, Roster, Rule, Usage } from './index.js';

const rule = (more: Partial<Rule> = {}): Rule => ({
  id: 'thanks',
  name: 'Thanks',
  when: 'thanks.given',
  award: 5,
  version: 1,
  ...more,
});
const roster: Roster = {
  zones: new Map([
    ['ada', 'Europe/Rome'],
    ['bob', 'Europe/Rome'],
    ['kim', 'Asia/Kuala_Lumpur'],
  ]),
  teams: new Map([['ada', ['ada', 'bob']]]),
  authors: new Map([['p1', 'bob']]),
};
const thanks = (index: number, more: Partial<Activity> = {}): Activity => ({
  id: `t${String(index).padStart(3, '0')}`,
  type: 'thanks.given',
  personId: 'ada',
  objectId: null,
  occurredAt: Date.parse('2026-03-01T10:00:00Z') + index,
  day: '2026-03-01',
  data: {},
  ...more,
});

interface Books {
  usages: Map<string, Usage>;
  budgets: Map<string, BudgetUsage>;
}
/** Gives a batch its points on top of what the books hold, and writes the books on, as the service does. */
function give(
  batch: readonly Activity[],
  rules: readonly Rule[],
  budgeting: Budgeting,
  books: Books,
): Outcome {
  const chances = chancesOf(matchesOf(batch, sameRules(rules)), roster);
  const usages = new Map(
    [...usagesNeeded(chances)].map(([key, empty]) => [key, books.usages.get(key) ?? empty]),
  );
  const budgets = new Map(
    [...budgetsNeeded(chances, budgeting)].map(([key, empty]) => [key, books.budgets.get(key) ?? empty]),
  );
  const outcome = award(chances, { usages, budgets }, budgeting);
  for (const usage of outcome.usages) books.usages.set(usageKey(usage), usage);
  for (const budget of outcome.budgets) books.budgets.set(budgetKey(budget), budget);
  return outcome;
}
const fresh = (): Books => ({ usages: new Map(), budgets: new Map() });
const free: Budgeting = { zone: 'Europe/Rome', budgets: [] };
const give1 = (activity: Activity, one: Rule): string[] =>
  give([activity], [one], free, fresh()).awards.map(({ personId }) => personId);

describe('whom a rule gives to', () => {
  it.each([
    [undefined, {}, ['ada']],
    ['actor', {}, ['ada']],
    ['team', {}, ['ada', 'bob']],
    ['event.toPersonId', { toPersonId: 'bob' }, ['bob']],
    ['event.toPersonId', { toPersonId: 'ada' }, []],
    ['event.toPersonId', { toPersonId: 'nobody' }, []],
    ['event.toPersonId', { toPersonId: 7 }, []],
    ['event.toPersonId', {}, []],
    ['author', { postId: 'p1' }, ['bob']],
    ['author', { postId: 'p1', authorId: 'kim' }, ['kim']],
    ['author', { postId: 'p2' }, []],
  ])('with to: %s and %j is %j', (to, data, expected) => {
    expect(give1(thanks(1, { data }), rule({ ...(to && { to }) }))).toEqual(expected);
  });

  it('counts the caps of others on their own local day', () => {
    const late = (hour: string, index: number): Activity =>
      thanks(index, { occurredAt: Date.parse(`2026-03-01T${hour}:00:00Z`), data: { toPersonId: 'kim' } });
    const capped = rule({ to: 'event.toPersonId', limit: { per: 'day', times: 1 } });
    // 16:00 UTC is midnight in Kuala Lumpur, while it is the same afternoon in Rome.
    const { awards } = give([late('15', 1), late('16', 2)], [capped], free, fresh());
    expect(awards).toHaveLength(2);
  });

  it('is refused in the file when it is no person', () => {
    const text = JSON.stringify(rulesSchema.safeParse([{ ...rule(), version: undefined, to: 'boss' }]));
    expect(text).toContain('neither actor, author, team nor a field of the event');
  });
});

describe('caps per object and budgets', () => {
  const activities = fc
    .array(
      fc.record({
        personId: fc.constantFrom('ada', 'bob', 'kim'),
        objectId: fc.constantFrom('o1', 'o2', null),
        day: fc.integer({ min: 27, max: 33 }),
      }),
      { maxLength: 40 },
    )
    .map((list) =>
      list.map(({ personId, objectId, day }, index) => {
        const at = Date.parse('2026-02-01T10:00:00Z') + day * 86_400_000;
        const local = new Date(at).toISOString().slice(0, 10);
        return thanks(index, { personId, objectId, occurredAt: at + index, day: local });
      }),
    );
  const budgeting: Budgeting = { zone: 'Europe/Rome', budgets: [{ per: 'month', points: 60 }] };
  const rules = [
    rule({ limit: { per_object: true, times: 2 }, budget: { per: 'week', points: 23 } }),
    rule({ id: 'second', award: 3, limit: { per: 'day', per_object: true, points: 4 } }),
  ];

  it('hold over everybody, whatever comes', () => {
    fc.assert(
      fc.property(activities, (batch) => {
        const books = fresh();
        const { awards, refusals } = give(batch, rules, budgeting, books);
        const total = [...awards, ...refusals].reduce((sum, { points }) => sum + points, 0);
        expect(total).toBe(batch.length * 8);
        for (const { budget, per, points } of books.budgets.values())
          expect(points).toBeLessThanOrEqual(per === 'week' ? 23 : budget === '*' ? 60 : 0);
        for (const usage of books.usages.values())
          expect(usage.rule === 'thanks' ? usage.times <= 2 : usage.points <= 4).toBe(true);
        expect(awards.reduce((sum, { points }) => sum + points, 0)).toBe(
          [...books.budgets.values()].reduce(
            (sum, { budget, points }) => sum + (budget === '*' ? points : 0),
            0,
          ),
        );
      }),
    );
  });

  it('come to the same however a history is cut into batches', () => {
    fc.assert(
      fc.property(activities, fc.nat(40), (batch, cut) => {
        const sorted = batch.toSorted((a, b) => a.occurredAt - b.occurredAt);
        const whole = give(sorted, rules, budgeting, fresh());
        const books = fresh();
        const parts = [sorted.slice(0, cut), sorted.slice(cut)].map((part) =>
          give(part, rules, budgeting, books),
        );
        expect(parts.flatMap(({ awards }) => awards)).toEqual(whole.awards);
        expect(parts.flatMap(({ refusals }) => refusals)).toEqual(whole.refusals);
      }),
    );
  });

  it('say which one kept points back', () => {
    const { refusals } = give(
      [thanks(1), thanks(2)],
      [rule({ budget: { per: 'month', points: 7 } })],
      free,
      fresh(),
    );
    expect(refusals).toMatchObject([
      {
        points: 3,
        reason: 'The budget of "Thanks" for March 2026 is used up: 7 points.',
        cause: { kind: 'budget', periodKey: '2026-03', used: { points: 5 } },
      },
    ]);
  });
});
