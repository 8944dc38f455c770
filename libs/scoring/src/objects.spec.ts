import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  badgesSchema,
  contributionsOf,
  objectBadgesOf,
  objectGrants,
  objectKey,
  objectSums,
  objectsAsked,
} from './index.js';
import type { Activity, Metrics, ObjectSum } from './index.js';

const metrics: Metrics = {
  score: { name: 'Score', sum: 'post.voted', of: 'event.value' },
  accepted: { name: 'Accepted', count: 'answer.accepted' },
};
const rates = { default: { cpc: 0, cpm: 0 } };
const words = { name: 'B', description: 'B' };
const badges = objectBadgesOf(
  badgesSchema.parse([
    { id: 'nice', ...words, when: { metric: 'score', reaches: 2, of: 'object' }, repeat: 'object' },
    { id: 'thread', ...words, when: { metric: 'score', reaches: 3, of: 'event.thread' } },
    {
      id: 'enlightened',
      ...words,
      when: {
        all: [
          { metric: 'score', reaches: 2 },
          { metric: 'accepted', reaches: 1 },
        ],
        of: 'object',
      },
      repeat: 'object',
    },
    { id: 'of-people', ...words, when: { metric: 'score', reaches: 1 } },
  ]),
);
const happened = (number: number, objectId: string, value: number | 'accepted'): Activity => ({
  id: `a${number}`,
  type: value === 'accepted' ? 'answer.accepted' : 'post.voted',
  personId: 'ada',
  objectId,
  occurredAt: number,
  day: '2026-01-01',
  data: { value, thread: objectId.slice(0, 1) },
});

/** Plays batches on sums that are kept in between; a grant counts once. */
function play(batches: readonly Activity[][]): string[] {
  const stored = new Map<string, ObjectSum>();
  const grants = new Map<string, number>();
  for (const batch of batches) {
    const contributions = contributionsOf(batch, metrics, rates);
    const sums = objectSums(contributions, badges);
    const asked = objectsAsked(sums, badges);
    const before = new Map([...asked].map(([key, sum]) => [key, stored.get(key) ?? sum]));
    for (const { badge, objectId, at } of objectGrants(contributions, badges, before))
      if (!grants.has(`${badge.id} ${objectId}`)) grants.set(`${badge.id} ${objectId}`, at);
    for (const sum of sums.values()) {
      const value = (stored.get(objectKey(sum))?.value ?? 0) + sum.value;
      stored.set(objectKey(sum), { ...sum, value });
    }
  }
  return [...grants].map(([what, at]) => `${what} at ${at}`).sort();
}

describe('a badge for an object', () => {
  it('counts each object by itself, and objects that a field of the event names together', () => {
    const votes = [happened(1, 'a1', 1), happened(2, 'a2', 1), happened(3, 'a1', 1)];
    expect(play([votes])).toEqual(['nice a1 at 3', 'thread a at 3']);
  });

  it('is brought by a score that was reached and lost again', () => {
    expect(play([[happened(1, 'x', 1), happened(2, 'x', 1), happened(3, 'x', -1)]])).toEqual(['nice x at 2']);
  });

  it('that asks several things comes with the last of them, in whichever order', () => {
    const [one, two, three] = [happened(1, 'x', 'accepted'), happened(2, 'x', 1), happened(3, 'x', 1)];
    expect(play([[one], [two], [three]])).toContain('enlightened x at 3');
    const late = happened(4, 'x', 'accepted');
    expect(play([[two, three], [late]])).toContain('enlightened x at 4');
  });

  it('hangs on what happened, not on how it was put into batches', () => {
    const doing = fc.record({
      object: fc.constantFrom('a1', 'a2', 'b1'),
      value: fc.constantFrom<number | 'accepted'>(1, 1, -1, 'accepted'),
    });
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (doings, size) => {
        const all = doings.map(({ object, value }, index) => happened(index, object, value));
        const batches = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
          all.slice(index * size, (index + 1) * size).toReversed(),
        );
        expect(play(batches)).toEqual(play(all.map((activity) => [activity])));
      }),
    );
  });
});

describe('the criterion of a badge', () => {
  const problems = (when: object, repeat?: string): string[] =>
    badgesSchema
      .safeParse([{ id: 'b', ...words, when, ...(repeat ? { repeat } : {}) }])
      .error?.issues.map(({ message }) => message) ?? [];
  const two = [
    { metric: 'a', reaches: 1 },
    { metric: 'b', reaches: 1 },
  ];

  it.each([
    [{ metric: 'a' }, 'say either "reaches" or "tiers" with "metric" or "streak"'],
    [
      { metric: 'a', reaches: 1, all: two, of: 'object' },
      'say one of "metric", "streak", "badges" and "all"',
    ],
    [{ all: two, of: 'object', reaches: 2 }, 'a list has no threshold of its own'],
    [{ streak: 's', reaches: 2, per: 'week' }, 'only a metric has a "per"'],
    [{ streak: 's', reaches: 2, of: 'object' }, 'only metrics are counted for objects; leave out "of"'],
    [{ metric: 'a', tiers: { gold: 5 } }, 'name at least two of bronze, silver and gold'],
    [{ metric: 'a', tiers: { bronze: 5, gold: 5 } }, 'each tier asks for more than the one below it'],
    [{ metric: 'a', tiers: { bronze: 1, gold: 5 }, of: 'object' }, 'tiers are of people, not of objects'],
    [{ streak: 's', reaches: 2, first: 'team' }, '"first" goes with a "metric" that "reaches" something'],
    [{ all: two }, '"all" asks several things of one object; add "of: object"'],
    [
      { metric: 'a', reaches: 1, of: 'object', per: 'week' },
      'an object is counted over all time; leave out "per"',
    ],
    [
      { metric: 'a', reaches: 1, of: 'post' },
      'is neither "object" nor a field of the event such as event.postId',
    ],
  ])('%j is refused with the mend', (when, message) => {
    expect(problems(when)).toContain(message);
  });

  it('of a person is not for each object', () => {
    expect(problems({ metric: 'a', reaches: 1 }, 'object')).toEqual([
      '"object" needs a criterion with "of: object"',
    ]);
  });
});
