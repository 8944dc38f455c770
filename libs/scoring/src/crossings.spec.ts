import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidatesOf, contributionsOf, crossingsOf, increments } from './index.js';
import type { Activity, Metrics, Watch } from './index.js';

const metrics: Metrics = { score: { name: 'Score', sum: 'post.voted', of: 'event.value' } };
const rates = { default: { cpc: 0, cpm: 0 } };
const watches: Watch[] = [
  { metric: 'score', reaches: 3, per: 'all_time' },
  { metric: 'score', reaches: 2, per: 'day' },
];
const DAY = 86_400_000;
const vote = (number: number, value: number, personId = 'ada'): Activity => ({
  id: `v${number}`,
  type: 'post.voted',
  personId,
  objectId: 'p',
  occurredAt: number * 3_600_000,
  day: new Date(Math.floor((number * 3_600_000) / DAY) * DAY).toISOString().slice(0, 10),
  data: { value },
});

/** Plays batches one after the other, as the service does, on sums kept per metric, person and day. */
function play(batches: readonly Activity[][]): string[] {
  const days = new Map<string, number>();
  const noted = new Set<string>();
  for (const batch of batches) {
    const contributions = contributionsOf(batch, metrics, rates);
    const candidates = candidatesOf(contributions, watches);
    const before = candidates.map(({ personId, from, to }) =>
      [...days].reduce((sum, [key, value]) => {
        const [person, day] = key.split('|') as [string, string];
        return person === personId && day >= from && day < to ? sum + value : sum;
      }, 0),
    );
    for (const { personId, per, periodKey, at } of crossingsOf(candidates, before, contributions)) {
      const key = `${personId} ${per} ${periodKey}`;
      if (![...noted].some((known) => known.startsWith(key))) noted.add(`${key} at ${at}`);
    }
    for (const { personId, day, value } of increments(contributions))
      days.set(`${personId}|${day}`, (days.get(`${personId}|${day}`) ?? 0) + value);
  }
  return [...noted].sort();
}

describe('a threshold', () => {
  it('is reached at the very activity that carries the sum over it, though the batch ends below', () => {
    expect(play([[vote(1, 1), vote(2, 1), vote(3, 1), vote(4, -1)]])).toEqual([
      `ada all_time all at ${3 * 3_600_000}`,
      `ada day 1970-01-01 at ${2 * 3_600_000}`,
    ]);
  });

  it('is reached by whole batches and by single activities alike', () => {
    const history = fc.array(
      fc.record({ value: fc.constantFrom(1, 1, -1), who: fc.constantFrom('ada', 'bob') }),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(
        history,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
        (votes, sizes) => {
          const activities = votes.map(({ value, who }, index) => vote(index, value, who));
          const batches: Activity[][] = [];
          for (let from = 0, turn = 0; from < activities.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            batches.push(activities.slice(from, from + size).toReversed());
            from += size;
          }
          expect(play(batches)).toEqual(play(activities.map((activity) => [activity])));
        },
      ),
    );
  });
});
