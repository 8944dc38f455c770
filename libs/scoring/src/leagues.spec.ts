import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leagueSchema, matchGroups, outcomesOf, seatNewcomers } from './index.js';
import type { Matchable } from './index.js';

const atLeast = (minLength: number): fc.Arbitrary<Matchable[]> =>
  fc.uniqueArray(fc.record({ personId: fc.uuid(), tier: fc.nat(3), activity: fc.nat(50) }), {
    selector: ({ personId }) => personId,
    size: 'max',
    minLength,
    maxLength: 400,
  });
const people = atLeast(0);
const groupsOf = (matched: readonly { group: number }[]): Map<number, number> => {
  const sizes = new Map<number, number>();
  for (const { group } of matched) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes;
};

describe('matching', () => {
  it('puts everybody into exactly one group', () => {
    fc.assert(
      fc.property(people, fc.string(), (all, seed) => {
        const matched = matchGroups(all, 30, seed);
        const ids = (list: readonly Matchable[]): string[] => list.map(({ personId }) => personId).toSorted();
        expect(ids(matched)).toEqual(ids(all));
        expect([...groupsOf(matched).keys()].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: groupsOf(matched).size }, (_, n) => n),
        );
      }),
    );
  });

  it('makes groups of 20 to 40 whenever there are 20 people', () => {
    fc.assert(
      fc.property(atLeast(20), (all) => {
        for (const size of groupsOf(matchGroups(all, 30, 'week')).values()) {
          expect(size).toBeGreaterThanOrEqual(20);
          expect(size).toBeLessThanOrEqual(40);
        }
      }),
    );
  });

  it('is the same in whatever order people come', () => {
    const key = (list: readonly { personId: string; group: number }[]): string[] =>
      list.map(({ personId, group }) => `${personId} ${group}`).toSorted();
    fc.assert(
      fc.property(people, (all) => {
        expect(key(matchGroups(all.toReversed(), 30, 'w1'))).toEqual(key(matchGroups(all, 30, 'w1')));
      }),
    );
  });

  it('brings those together who are about as active', () => {
    const all = Array.from({ length: 60 }, (_, n) => ({ personId: `p${n}`, tier: 0, activity: n }));
    const first = matchGroups(all, 30, 's').filter(({ group }) => group === 0);
    expect(first.map(({ activity }) => activity)).toEqual(Array.from({ length: 30 }, (_, n) => 59 - n));
  });

  it('mixes equals anew every week', () => {
    const all = Array.from({ length: 60 }, (_, n) => ({ personId: `p${n}`, tier: 0, activity: 1 }));
    const first = (seed: string): string[] =>
      matchGroups(all, 30, seed).flatMap(({ personId, group }) => (group === 0 ? [personId] : []));
    expect(first('2026-W03')).not.toEqual(first('2026-W04'));
  });
});

describe('newcomers', () => {
  it('are all seated, and no group grows over 40', () => {
    const playing = fc.array(fc.integer({ min: 20, max: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(people, playing, (all, sizes) => {
        const groups = sizes.map((count, group) => ({ group, people: count, tier: 0 }));
        const seated = seatNewcomers(all, groups, { size: 30, seed: 's' });
        expect(seated).toHaveLength(all.length);
        for (const [group, more] of groupsOf(seated))
          expect((groups[group]?.people ?? 0) + more).toBeLessThanOrEqual(40);
      }),
    );
  });

  it('sit down where fewest play of their tier', () => {
    const groups = [
      { group: 0, people: 21, tier: 1 },
      { group: 1, people: 30, tier: 0 },
    ];
    const one = { personId: 'p', tier: 0, activity: 1 };
    expect(seatNewcomers([one], groups, { size: 30, seed: 's' })).toEqual([{ ...one, group: 1 }]);
  });
});

describe('the end of a week', () => {
  const league = { tiers: ['Bronze', 'Silver', 'Gold'], promote: 5, demote: 5, size: 30 };
  const group = (count: number, tier: number, score = 10) =>
    Array.from({ length: count }, (_, n) => ({ personId: `p${n}`, tier, place: n + 1, score }));
  const counts = (count: number, tier: number, score?: number) =>
    ['promoted', 'stayed', 'demoted'].map(
      (wanted) =>
        outcomesOf(group(count, tier, score), league).filter(({ outcome }) => outcome === wanted).length,
    );

  it('moves the first up and the last down, but not out of the league', () => {
    expect(counts(30, 1)).toEqual([5, 20, 5]);
    expect(counts(30, 0)).toEqual([5, 25, 0]);
    expect(counts(30, 2)).toEqual([0, 25, 5]);
  });

  it('moves fewer in a small group, and nobody up who has done nothing', () => {
    expect(counts(4, 1)).toEqual([1, 2, 1]);
    expect(counts(1, 1)).toEqual([1, 0, 0]);
    expect(counts(30, 1, 0)).toEqual([0, 25, 5]);
  });

  it('never moves anybody both ways or by more than one tier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(2), (count, tier) => {
        for (const { nextTier, outcome } of outcomesOf(group(count, tier), league)) {
          expect(nextTier - tier).toBe({ promoted: 1, stayed: 0, demoted: -1 }[outcome]);
          expect([0, 1, 2]).toContain(nextTier);
        }
      }),
    );
  });

  it('is refused in leagues where nearly everybody would move', () => {
    const definition = { id: 'l', name: 'L', metric: 'points', tiers: ['A', 'B'], zone: 'Europe/Rome' };
    expect(leagueSchema.safeParse(definition).success).toBe(true);
    expect(leagueSchema.safeParse({ ...definition, promote: 15, demote: 15 }).success).toBe(false);
  });
});
