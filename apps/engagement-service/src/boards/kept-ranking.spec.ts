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

  it('is loaded again when points are taken back, as nobody can tell when it got there', () => {
    const kept = loadedWith(30);
    kept.apply(change([4, -3]));
    expect(kept.stale).toBe(true);
  });
});
