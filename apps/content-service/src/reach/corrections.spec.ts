import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correct, differs } from './corrections.js';
import type { Measured } from './corrections.js';
import { figures } from './totals.schema.js';
import type { Figures } from './totals.schema.js';

const none = { impressions: 0, reactions: 0, comments: 0, reshares: 0, leads: 0, hires: 0 };
const at = (instant: number, more: Partial<Figures>): Measured => ({ at: instant, ...none, ...more });

describe('a measurement', () => {
  it.each<[string, Measured | null, Measured, Partial<Figures> | null]>([
    ['that is the first counts in full', null, at(1, { impressions: 7 }), { impressions: 7 }],
    ['that is later counts by its difference', at(1, { leads: 3 }), at(2, { leads: 5 }), { leads: 2 }],
    ['may correct downwards', at(1, { leads: 3 }), at(2, { leads: 1 }), { leads: -2 }],
    ['of the same instant corrects', at(1, { hires: 3 }), at(1, { hires: 2 }), { hires: -1 }],
    ['that is older changes nothing', at(2, { leads: 3 }), at(1, { leads: 9 }), null],
  ])('%s', (_what, before, report, difference) => {
    expect(correct(before, report)?.difference ?? null).toEqual(difference && { ...none, ...difference });
  });

  it('that says the same again is not worth telling', () => {
    const again = correct(at(1, { leads: 3 }), at(2, { leads: 3 }))!;
    expect([differs(again.difference), again.totals.at]).toEqual([false, 2]);
  });
});

it('however measurements come, late, twice or in disorder, the newest holds and the differences add up to it', () => {
  const count = fc.nat({ max: 1000 });
  const measured = fc.record({
    at: fc.nat({ max: 1_000_000 }),
    impressions: count,
    reactions: count,
    comments: count,
    reshares: count,
    leads: count,
    hires: count,
  });
  const reports = fc
    .uniqueArray(measured, { selector: (report) => report.at, minLength: 1, maxLength: 8 })
    .chain((all) =>
      fc.record({
        newest: fc.constant(all.toSorted((a, b) => b.at - a.at)[0]!),
        order: fc
          .array(fc.constantFrom(...all))
          .chain((more) => fc.shuffledSubarray([...all, ...more], { minLength: all.length + more.length })),
      }),
    );
  fc.assert(
    fc.property(reports, ({ newest, order }) => {
      let totals: Measured | null = null;
      const sum: Figures = { ...none };
      for (const report of order) {
        const correction = correct(totals, report);
        if (!correction) continue;
        totals = correction.totals;
        for (const name of figures) sum[name] += correction.difference[name];
      }
      expect([totals, { at: newest.at, ...sum }]).toEqual([newest, newest]);
    }),
  );
});
