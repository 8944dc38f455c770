import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ranking, bestFirst } from './index.js';
import type { Score } from './index.js';

const scores = fc.record({
  id: fc.integer({ min: 0, max: 2000 }).map(String),
  score: fc.integer({ min: -2, max: 40 }),
  reachedAt: fc.integer({ min: 0, max: 3 }),
});

/** What a board is, said without any cleverness. */
function plain(all: readonly Score[]): (Score & { rank: number })[] {
  const ranked = all.filter(({ score }) => score > 0).toSorted(bestFirst);
  return ranked.map((one) => ({ ...one, rank: 1 + ranked.filter(({ score }) => score > one.score).length }));
}

describe('a ranking', () => {
  it('is what sorting and counting say, however it came about', () => {
    const changes = fc.array(scores, { maxLength: 300 });
    const beginning = fc.uniqueArray(scores, { selector: ({ id }) => id, maxLength: 200 });
    fc.assert(
      fc.property(beginning, changes, fc.nat(250), fc.nat(50), (first, moved, from, count) => {
        const ranking = new Ranking(first);
        for (const score of moved) ranking.set(score);
        const known = new Map([...first, ...moved].map((score) => [score.id, score]));
        const expected = plain([...known.values()]);
        expect(ranking.size).toBe(expected.length);
        expect(ranking.page(from, count)).toEqual(expected.slice(from, from + count));
        expected.forEach((one, position) => {
          expect(ranking.standing(one.id)).toEqual(one);
          expect(ranking.positionOf(one.id)).toBe(position);
        });
      }),
    );
  });

  it('stays right when it grows over many chunks and shrinks again', () => {
    const ranking = new Ranking();
    const all = Array.from({ length: 5000 }, (_, n) => ({
      id: String(n),
      score: 1 + ((n * 7919) % 997),
      reachedAt: n % 5,
    }));
    for (const score of all) ranking.set(score);
    expect(ranking.page(0, 5000)).toEqual(plain(all));
    for (const { id } of all.slice(100)) ranking.delete(id);
    expect(ranking.page(0, 5000)).toEqual(plain(all.slice(0, 100)));
  });

  it('gives equals the same rank, names who was first before, and leaves the next ranks out', () => {
    const ranking = new Ranking([
      { id: 'late', score: 5, reachedAt: 2 },
      { id: 'early', score: 5, reachedAt: 1 },
      { id: 'third', score: 4, reachedAt: 0 },
      { id: 'nobody', score: 0, reachedAt: 0 },
    ]);
    expect(ranking.page(0, 9).map(({ id, rank }) => [id, rank])).toEqual([
      ['early', 1],
      ['late', 1],
      ['third', 3],
    ]);
    expect(ranking.standing('nobody')).toBeNull();
    expect(ranking.positionOf('unknown')).toBeNull();
    expect(ranking.page(-1, 2)).toHaveLength(1);
  });

  it('puts somebody with less than nothing back when they earn again', () => {
    const ranking = new Ranking([{ id: 'a', score: 3, reachedAt: 1 }]);
    ranking.set({ id: 'a', score: -2, reachedAt: 1 });
    expect([ranking.size, ranking.get('a')?.score]).toEqual([0, -2]);
    ranking.set({ id: 'a', score: 8, reachedAt: 4 });
    expect(ranking.standing('a')).toEqual({ id: 'a', score: 8, reachedAt: 4, rank: 1 });
  });
});
