import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Board } from '#libs/scoring';
import { KeptRanking } from './kept-ranking.js';

const stretch = {
  kind: 'week',
  key: '2026-W01',
  start: 0,
  end: 1e6,
  from: '2026-01-01',
  to: '2027-01-01',
} as const;
const board: Board = {
  id: 'heads',
  name: 'Heads',
  metric: 'points',
  period: 'week',
  zone: 'Europe/Rome',
  grace: '0s',
  of: 'team',
  per: 'head',
};
const members = 3;
const subjects = new Map(['a', 'b', 'c'].map((id) => [id, 'Red']));

/** The board as it is loaded when the team has so many points. */
const loadedWith = (total: number): KeptRanking => {
  const kept = new KeptRanking(board, stretch, subjects, 0);
  kept.load([{ id: 'Red', score: total / members, reachedAt: 0, members }]);
  return kept;
};

const change = (amounts: number[]) => ({
  id: 1,
  xid: '1',
  metric: 'points',
  personIds: amounts.map((_, index) => ['a', 'b', 'c'][index % 3]!),
  amounts,
  ats: amounts.map(() => new Date(5)),
  days: null,
});

describe('a board of teams by the head', () => {
  it('stands, after any points, where it would stand if it were loaded then', () => {
    const points = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 50 });
    fc.assert(
      fc.property(fc.nat(1e6), points, (before, amounts) => {
        const kept = loadedWith(before);
        for (const amount of amounts) kept.apply(change([amount]));
        const total = before + amounts.reduce((sum, amount) => sum + amount, 0);
        expect(kept.ranking.get('Red')?.score).toBe(loadedWith(total).ranking.get('Red')?.score);
        expect(kept.stale).toBe(false);
      }),
    );
  });

  it('asks what the whole team has when points are taken back, as nobody else can tell when it got there', () => {
    const kept = loadedWith(30);
    expect(kept.apply(change([4, -3]))).toEqual(['a', 'b', 'c']);
    kept.take([
      { id: 'a', score: 14, reachedAt: 5 },
      { id: 'b', score: 0, reachedAt: 0 },
      { id: 'c', score: 10, reachedAt: 4 },
    ]);
    expect(kept.ranking.get('Red')).toEqual({ id: 'Red', score: 8, reachedAt: 5 });
    kept.apply(change([6]));
    expect(kept.ranking.get('Red')?.score).toBe(10);
    expect(kept.stale).toBe(false);
  });

  it('is loaded again when the teams are so large that reading them would hold everybody up', () => {
    const many = new Map(Array.from({ length: 3_000 }, (_, index) => [`p${index}`, 'Red']));
    const kept = new KeptRanking(board, stretch, many, 0);
    expect(kept.apply({ ...change([-1]), personIds: ['p7'] })).toEqual([]);
    expect(kept.stale).toBe(true);
  });
});
