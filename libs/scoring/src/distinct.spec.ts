import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  candidatesOf,
  contributionsOf,
  crossingsOf,
  elementsOf,
  increments,
  metricsSchema,
} from './index.js';
import type { Activity, Crossing, Metrics, Watch } from './index.js';

const metrics: Metrics = { networks: { name: 'Networks', distinct: 'content.shared', of: 'event.network' } };
const watches: Watch[] = [
  { metric: 'networks', reaches: 3, per: 'week' },
  { metric: 'networks', reaches: 4, per: 'all_time' },
];
const rates = { default: { cpc: 1, cpm: 1 } };
const share = (index: number, network: unknown, day = 0): Activity => ({
  id: `s${String(index).padStart(3, '0')}`,
  type: 'content.shared',
  personId: 'ada',
  objectId: null,
  occurredAt: index,
  day: `2026-03-${String(2 + day).padStart(2, '0')}`,
  data: { network },
});

/** Plays batches as the service does: elements per day are kept, sums and known elements are asked of them. */
function play(batches: readonly Activity[][]): { crossings: string[]; kept: string[] } {
  const kept = new Set<string>();
  const noted = new Map<string, Crossing>();
  const within = (from: string, to: string): string[] => {
    const all = [...kept].map((key) => key.split('|') as [string, string]);
    return [...new Set(all.filter(([day]) => day >= from && day < to).map(([, element]) => element))];
  };
  for (const batch of batches) {
    const contributions = contributionsOf(batch, metrics, rates);
    const candidates = candidatesOf(contributions, watches).filter((item) => !noted.has(keyOf(item)));
    const known = new Map(candidates.map(({ from, to }, place) => [place, within(from, to)] as const));
    const before = candidates.map((_, place) => known.get(place)!.length);
    for (const crossing of crossingsOf(candidates, before, contributions, known))
      noted.set(keyOf(crossing), crossing);
    for (const { day, element } of elementsOf(contributions)) kept.add(`${day}|${element}`);
  }
  const crossings = [...noted].map(([key, { at, value }]) => `${key} at ${at} with ${value}`);
  return { crossings: crossings.sort(), kept: [...kept].sort() };
}
const keyOf = ({ per, periodKey, threshold }: Pick<Crossing, 'per' | 'periodKey' | 'threshold'>): string =>
  `${per} ${periodKey} ${threshold}`;

describe('a metric of different things', () => {
  const history = fc
    .array(
      fc.tuple(fc.constantFrom('x', 'linkedin', 'facebook', 'mastodon'), fc.integer({ min: 0, max: 12 })),
      {
        maxLength: 40,
      },
    )
    .map((list) =>
      list.toSorted(([, a], [, b]) => a - b).map(([network, day], index) => share(index, network, day)),
    );

  it('crosses its thresholds alike, however a history is cut into batches, and when it is told twice', () => {
    fc.assert(
      fc.property(history, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, sizes) => {
        const batches: Activity[][] = [];
        for (let from = 0, turn = 0; from < all.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          batches.push(all.slice(from, from + size).toReversed());
          from += size;
        }
        const one = play(all.map((activity) => [activity]));
        expect(play(batches)).toEqual(one);
        expect(play([...batches, ...batches])).toEqual(one);
      }),
    );
  });

  it('tells the moment of the third thing, not of the third share', () => {
    const shares = ['x', 'x', 'linkedin', 'x', 'facebook', 'mastodon'].map((network, index) =>
      share(index, network),
    );
    expect(play([shares]).crossings).toEqual(['all_time all 4 at 5 with 4', 'week 2026-W10 3 at 4 with 3']);
  });

  it('meets only what can be told apart, and adds nothing up', () => {
    const odd = [undefined, null, '', ['x'], 7, true].map((network, index) => share(index, network));
    const contributions = contributionsOf(odd, metrics, rates);
    expect(contributions.map(({ element }) => element)).toEqual(['7', 'true']);
    expect(increments(contributions)).toEqual([]);
  });

  it('is refused in the file without what it tells apart', () => {
    const wrong = { networks: { name: 'Networks', distinct: 'content.shared' } };
    expect(metricsSchema.safeParse(wrong).success).toBe(false);
  });
});
