import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isWorkingDay,
  localDate,
  localDateTime,
  localTime,
  localToInstant,
  nextWait,
  nextWorkingDay,
  parseDuration,
} from './index.js';
import type { Duration, Wait, WorkCalendar } from './index.js';

const ROME: WorkCalendar = {
  zone: 'Europe/Rome',
  workingDays: [1, 2, 3, 4, 5],
  holidays: ['2026-01-06'],
  leave: [{ from: '2026-01-19', to: '2026-01-23' }],
};

function length(text: string): Duration {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.duration;
}

type Row = [from: string, forText: string, at: string | undefined, days: 'any' | 'working', expected: string];

function wait(from: string, part: Partial<Wait>): string {
  const [date = '', time = ''] = from.split('T');
  return localDateTime(
    nextWait({ from: localToInstant(date, time, ROME.zone), calendar: ROME, ...part }),
    ROME.zone,
  );
}

describe('nextWait', () => {
  it.each<Row>([
    ['2026-01-12T15:00', '2d', '09:00', 'any', '2026-01-14T09:00'], // Monday afternoon, two dates on
    ['2026-01-12T06:00', '2d', '09:00', 'any', '2026-01-14T09:00'],
    ['2026-01-15T15:00', '2d', '09:00', 'working', '2026-01-26T09:00'], // Saturday → Monday 19 is leave → Monday 26
    ['2026-01-04T15:00', '2d', '09:00', 'working', '2026-01-07T09:00'], // Tuesday 6 is a holiday
    ['2026-01-12T15:00', '0d', '09:00', 'any', '2026-01-13T09:00'], // already past today
    ['2026-01-12T08:00', '0d', '09:00', 'any', '2026-01-12T09:00'],
    ['2026-01-12T15:00', '3h', '09:00', 'any', '2026-01-13T09:00'], // exact length: first nine at or after 18:00
    ['2026-01-12T06:00', '3h', '09:00', 'any', '2026-01-12T09:00'],
    ['2026-01-12T15:20', '2d', undefined, 'any', '2026-01-14T15:20'],
    ['2026-01-16T15:20', '1d', undefined, 'working', '2026-01-26T15:20'],
    ['2026-01-31T10:00', '1mo', undefined, 'any', '2026-02-28T10:00'],
    ['2026-03-28T02:30', '1d', undefined, 'any', '2026-03-29T03:00'], // the gap
    ['2026-03-28T09:00', '1d', '09:00', 'any', '2026-03-29T09:00'], // 23 hours later, still nine
  ])('from %s, %s at %s on %s days is %s', (from, forText, at, days, expected) => {
    expect(wait(from, { for: length(forText), at, days })).toBe(expected);
  });

  it('goes to a named local moment, and never back', () => {
    expect(wait('2026-01-12T15:00', { until: '2026-02-01T08:30' })).toBe('2026-02-01T08:30');
    expect(wait('2026-01-12T15:00', { until: '2026-02-01', at: '09:00', days: 'working' })).toBe(
      '2026-02-02T09:00',
    );
    expect(wait('2026-01-12T15:00', { until: '2025-02-01T08:30' })).toBe('2026-01-12T15:00');
  });

  it('does not hang on a calendar without working days', () => {
    const calendar = { ...ROME, workingDays: [] };
    expect(nextWorkingDay('2026-01-12', calendar)).toBe('2026-01-13');
    expect(wait('2026-01-12T15:00', { for: length('1d'), at: '09:00', days: 'working', calendar })).toBe(
      '2026-01-13T09:00',
    );
  });

  it('is never before from, and lands on the asked time and a working day', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const from = fc.integer({ min: 1_577_836_800_000, max: 1_956_528_000_000 });
    fc.assert(
      fc.property(
        zones,
        from,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 23 }),
        (zone, ms, days, hour) => {
          const calendar = { ...ROME, zone };
          const at = `${String(hour).padStart(2, '0')}:00`;
          const due = nextWait({ from: ms, for: { months: 0, days, ms: 0 }, at, days: 'working', calendar });
          expect(due).toBeGreaterThan(ms);
          expect(due).toBe(localToInstant(localDate(due, zone), at, zone));
          // A gap that swallows the end of a day (midnight in Santiago or Beirut) rightly lands on the next date.
          if (localTime(due, zone) === at) expect(isWorkingDay(localDate(due, zone), calendar)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['2d', { months: 0, days: 2, ms: 0 }],
    ['1w', { months: 0, days: 7, ms: 0 }],
    ['1mo', { months: 1, days: 0, ms: 0 }],
    ['3h', { months: 0, days: 0, ms: 10_800_000 }],
    ['90s', { months: 0, days: 0, ms: 90_000 }],
    ['1d 12h', { months: 0, days: 1, ms: 43_200_000 }],
  ])('reads %s', (text, duration) => {
    expect(parseDuration(text)).toEqual({ ok: true, duration });
  });

  it.each(['', '2', 'd', '2 days', '-2d', '1.5h', '2x'])('says the mend for "%s"', (text) => {
    expect(parseDuration(text)).toEqual({ ok: false, error: expect.stringContaining('write for example') });
  });
});
