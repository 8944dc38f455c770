import { describe, expect, it } from '@jest/globals';
import { isWorkingDay, localDate, localToInstant, plusDays } from '#libs/calendar';
import type { WorkCalendar } from '#libs/calendar';
import fc from 'fast-check';
import { gapOf, runsOf, standingOf, unitOf, withUnit } from './streaks.js';
import type { StreakRun } from './streaks.js';

// Monday 2026-03-23; Italy goes over to summer time on Sunday, 29 March.
const MONDAY = '2026-03-23';
const calendar: WorkCalendar = {
  zone: 'Europe/Rome',
  workingDays: [1, 2, 3, 4, 5],
  holidays: ['2026-04-06'],
};
const days = (...offsets: number[]): string[] => offsets.map((offset) => plusDays(MONDAY, offset));

/** The streak as somebody would count it with a finger on the wall calendar. */
function counted(hits: ReadonlySet<string>, from: string, today: string, work: WorkCalendar): number {
  let length = 0;
  for (let day = from; day <= today; day = plusDays(day, 1)) {
    if (!isWorkingDay(day, work)) continue;
    if (hits.has(day)) length += 1;
    else if (day < today) length = 0;
  }
  return length;
}

const some = (most: number): fc.Arbitrary<string[]> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: most }), { maxLength: most })
    .map((offsets) => offsets.map((offset) => plusDays(MONDAY, offset)));
const work: fc.Arbitrary<WorkCalendar> = fc
  .record({
    workingDays: fc.constantFrom([1, 2, 3, 4, 5], [1, 2, 3, 4], [7, 1, 2, 3, 4], [2, 4]),
    holidays: some(60),
    leave: fc.array(
      fc
        .record({ from: fc.integer({ min: 0, max: 60 }), long: fc.integer({ min: 0, max: 20 }) })
        .map(({ from, long }) => ({ from: plusDays(MONDAY, from), to: plusDays(MONDAY, from + long) })),
      { maxLength: 3 },
    ),
  })
  .map((rest) => ({ zone: 'Europe/Rome', ...rest, holidays: rest.holidays.slice(0, 8) }));

describe('a streak of working days', () => {
  it('goes on over a weekend, a holiday and leave, and neither breaks nor grows there', () => {
    const hits = days(0, 1, 2, 3, 4, 5, 7, 8);
    expect(runsOf('day', hits, calendar)).toEqual([{ from: MONDAY, to: plusDays(MONDAY, 8), length: 7 }]);
    const easter = [...days(11), '2026-04-07'];
    expect(runsOf('day', easter, calendar)).toEqual([{ from: '2026-04-03', to: '2026-04-07', length: 2 }]);
    const away = { ...calendar, leave: [{ from: plusDays(MONDAY, 2), to: plusDays(MONDAY, 10) }] };
    expect(runsOf('day', days(1, 11), away)).toEqual([
      { from: plusDays(MONDAY, 1), to: plusDays(MONDAY, 11), length: 2 },
    ]);
  });

  it('breaks on a missed working day, but not before that day is over', () => {
    const runs = runsOf('day', days(0, 1, 2), calendar);
    const at = (offset: number) => standingOf('day', runs, plusDays(MONDAY, offset), calendar);
    expect(at(2)).toMatchObject({ current: 3, now: 'done' });
    expect(at(3)).toMatchObject({ current: 3, now: 'open' });
    expect(at(4)).toMatchObject({ current: 0, longest: 3, now: 'open', from: null });
    expect(at(5)).toMatchObject({ current: 0, now: 'off' });
  });

  it('is healed by a late day, in whatever order the days become known', () => {
    fc.assert(
      fc.property(some(60), work, (hits, own) => {
        const sorted = [...hits].sort();
        const late = hits.reduce<StreakRun[]>((runs, day) => withUnit('day', runs, day, own), []);
        expect(late).toEqual(runsOf('day', sorted, own));
      }),
    );
  });

  it('is what somebody would count by hand, on every day and over every calendar', () => {
    fc.assert(
      fc.property(some(60), work, fc.integer({ min: 0, max: 60 }), (hits, own, offset) => {
        const today = plusDays(MONDAY, offset);
        const known = hits.filter((day) => day <= today).sort();
        const { current } = standingOf('day', runsOf('day', known, own), today, own);
        expect(current).toBe(counted(new Set(known), MONDAY, today, own));
      }),
    );
  });

  it('is of local days: hours before and after midnight, changes of clock and of zone do not lose or double one', () => {
    const zones = [
      'Europe/Rome',
      'America/New_York',
      'Pacific/Auckland',
      'Asia/Kuala_Lumpur',
      'Australia/Lord_Howe',
    ];
    const act = fc.record({
      offset: fc.integer({ min: 0, max: 60 }),
      minute: fc.integer({ min: 0, max: 1439 }),
    });
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 40 }),
        fc.constantFrom(...zones),
        fc.constantFrom(...zones),
        (acts, before, after) => {
          const move = plusDays(MONDAY, 30);
          const local = acts.map(({ offset, minute }) => {
            const day = plusDays(MONDAY, offset);
            const zone = day < move ? before : after;
            const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
            return { meant: day, known: localDate(localToInstant(day, clock, zone), zone) };
          });
          const of = (list: string[]) => runsOf('day', [...new Set(list)].sort(), calendar);
          expect(of(local.map(({ known }) => known))).toEqual(of(local.map(({ meant }) => meant)));
        },
      ),
    );
  });
});

describe('a streak of weeks', () => {
  const monday = (week: number): string => plusDays(MONDAY, 7 * week);

  it('needs something in each week, whichever day it is', () => {
    const units = [monday(0), plusDays(monday(1), 6), plusDays(monday(2), 2)].map(
      (day) => unitOf('week', day).from,
    );
    expect(runsOf('week', units, calendar)).toEqual([{ from: monday(0), to: monday(2), length: 3 }]);
    expect(runsOf('week', [monday(0), monday(2)], calendar)).toHaveLength(2);
  });

  it('is frozen by a week without a working day, and only by such a one', () => {
    const away = (from: number, to: number) => ({
      ...calendar,
      leave: [{ from: plusDays(MONDAY, from), to: plusDays(MONDAY, to) }],
    });
    expect(runsOf('week', [monday(0), monday(2)], away(7, 11))).toHaveLength(1);
    expect(runsOf('week', [monday(0), monday(2)], away(7, 10))).toHaveLength(2);
  });

  it('is healed in whatever order its weeks become known', () => {
    fc.assert(
      fc.property(some(120), work, (hits, own) => {
        const weeks = [...new Set(hits.map((day) => unitOf('week', day).from))];
        const late = weeks.reduce<StreakRun[]>((runs, week) => withUnit('week', runs, week, own), []);
        expect(late).toEqual(runsOf('week', [...weeks].sort(), own));
      }),
    );
  });
});

describe('a broken streak', () => {
  it('holds again when the days that broke it are excused, whether or not a new one has begun', () => {
    fc.assert(
      fc.property(some(60), work, fc.integer({ min: 0, max: 60 }), (hits, own, offset) => {
        const today = plusDays(MONDAY, offset);
        const known = hits.filter((day) => day <= today).sort();
        const runs = runsOf('day', known, own);
        const gap = gapOf('day', runs, today, own);
        if (!gap) return;
        const mended = { ...own, leave: [...(own.leave ?? []), gap] };
        const before = standingOf('day', runs, today, own).current;
        const { current } = standingOf('day', runsOf('day', known, mended), today, mended);
        expect(current).toBeGreaterThan(before);
      }),
    );
  });

  it('that is not broken has nothing to excuse', () => {
    expect(gapOf('day', runsOf('day', days(0, 1), calendar), plusDays(MONDAY, 2), calendar)).toBeNull();
    expect(gapOf('day', [], MONDAY, calendar)).toBeNull();
  });
});
