import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate, localTime, localToInstant } from '#libs/calendar';
import { freeSlots } from './slots.js';

const utc = (text: string): number => Date.parse(text);
const weekdays = { from: '2026-03-02', days: [1, 2, 3, 4, 5], at: ['09:00'], zone: 'Europe/Rome', perDay: 1 };
const zones = Intl.supportedValuesOf('timeZone');

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const rule = fc.record({
  from: fc.integer({ min: utc('2010-01-01'), max: utc('2035-01-01') }).map((ms) => localDate(ms, 'UTC')),
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  at: fc.array(time, { minLength: 1, maxLength: 6 }),
  zone: fc.constantFrom(...zones),
  perDay: fc.integer({ min: 1, max: 4 }),
});

describe('free slots', () => {
  it('lie on the weekdays, at the local time, across the change of the clocks', () => {
    const slots = freeSlots({ ...weekdays, from: '2026-03-26' }, 4, [], 0);
    expect(slots.map((at) => new Date(at).toISOString())).toEqual([
      '2026-03-26T08:00:00.000Z',
      '2026-03-27T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
      '2026-03-31T07:00:00.000Z',
    ]);
  });

  it('begin after now, and pass over what is taken', () => {
    const taken = utc('2026-03-03T08:00:00Z');
    const slots = freeSlots(weekdays, 2, [taken], utc('2026-03-02T08:00:00Z'));
    expect(slots.map((at) => localDate(at, 'Europe/Rome'))).toEqual(['2026-03-04', '2026-03-05']);
  });

  it('count what is taken at other times of the day towards its cap', () => {
    const twice = { ...weekdays, at: ['09:00', '15:00'], perDay: 2 };
    const slots = freeSlots(twice, 2, [utc('2026-03-02T11:30:00Z')], 0);
    expect(slots).toEqual([utc('2026-03-02T08:00:00Z'), utc('2026-03-03T08:00:00Z')]);
  });

  it('take the next valid minute where the clocks leave a time out, once', () => {
    const night = { ...weekdays, days: [7], at: ['02:15', '02:45', '03:00'], perDay: 3, from: '2026-03-29' };
    expect(freeSlots(night, 2, [], 0)[0]).toBe(utc('2026-03-29T01:00:00Z'));
    expect(localDate(freeSlots(night, 2, [], 0)[1]!, 'Europe/Rome')).toBe('2026-04-05');
  });

  it('leave out a date that a zone has left out', () => {
    const samoa = { ...weekdays, zone: 'Pacific/Apia', days: [4, 5, 6], from: '2011-12-29' };
    expect(freeSlots(samoa, 2, [], 0).map((at) => localDate(at, 'Pacific/Apia'))).toEqual([
      '2011-12-29',
      '2011-12-31',
    ]);
  });

  it('come to an end', () => {
    expect(freeSlots({ ...weekdays, days: [1] }, 500, [], 0)).toHaveLength(58);
  });

  it('are always in order, on the days, at the times and under the cap, whatever the rule and the zone', () => {
    fc.assert(
      fc.property(
        rule,
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(60 * 24 * 30), { maxLength: 20 }),
        (given, count, offsets) => {
          const begin = localToInstant(given.from, '00:00', given.zone);
          const taken = offsets.map((minutes) => begin + minutes * 60_000);
          const now = begin - 1 + (offsets[0] ?? 0) * 60_000;
          const slots = freeSlots(given, count, taken, now);
          expect(slots).toEqual([...new Set(slots)].sort((a, b) => a - b));
          for (const slot of slots) {
            const date = localDate(slot, given.zone);
            expect(given.days).toContain(new Date(`${date}T00:00:00Z`).getUTCDay() || 7);
            expect(given.at.map((at) => localToInstant(date, at, given.zone))).toContain(slot);
            expect([slot > now, taken.includes(slot), date >= given.from]).toEqual([true, false, true]);
            const onDate = [...slots, ...taken].filter((at) => localDate(at, given.zone) === date);
            const full = taken.filter((at) => localDate(at, given.zone) === date).length;
            expect(onDate.length).toBeLessThanOrEqual(Math.max(given.perDay, full));
            // Only in the hour that spring leaves out may the clock say something else than the rule.
            if (!given.at.includes(localTime(slot, given.zone)))
              expect(localTime(slot - 60_000, given.zone) < localTime(slot, given.zone)).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
