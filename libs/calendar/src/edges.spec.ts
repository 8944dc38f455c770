import { describe, expect, it } from '@jest/globals';
import { addDuration, localDateTime, localToInstant, nextWait, parseDuration, periodOf } from './index.js';

const ROME = 'Europe/Rome';
const at = (local: string, zone = ROME): number => localToInstant(local.slice(0, 10), local.slice(11), zone);
const after = (from: string, length: string): string => {
  const parsed = parseDuration(length);
  if (!parsed.ok) throw new Error(parsed.error);
  return localDateTime(addDuration(at(from), parsed.duration, ROME), ROME);
};

describe('leap days and the ends of months', () => {
  it.each([
    [
      'a month after the 31st is the last day of a shorter month',
      '2026-01-31T09:00',
      '1mo',
      '2026-02-28T09:00',
    ],
    ['… which in a leap year is the 29th', '2028-01-31T09:00', '1mo', '2028-02-29T09:00'],
    ['a year after a leap day is the 28th', '2028-02-29T09:00', '12mo', '2029-02-28T09:00'],
    ['a day before March of a leap year is the 29th', '2028-02-28T09:00', '1d', '2028-02-29T09:00'],
    [
      'three months across a change of clocks keep the local time',
      '2026-01-15T09:00',
      '3mo',
      '2026-04-15T09:00',
    ],
    ['2100 is no leap year', '2100-02-28T09:00', '1d', '2100-03-01T09:00'],
  ])('%s', (_what, from, length, expected) => {
    expect(after(from, length)).toBe(expected);
  });

  it('give every month its own length', () => {
    const days = (month: string): number => {
      const { start, end } = periodOf('month', at(`${month}-15T12:00`, 'UTC'), 'UTC');
      return (end - start) / 86_400_000;
    };
    expect(['2026-02', '2028-02', '2026-04', '2026-12'].map(days)).toEqual([28, 29, 30, 31]);
  });
});

describe('a person who changes zone during a wait', () => {
  it('waits for the same local time in the new zone, counted from the same beginning', () => {
    const wait = (zone: string): string => {
      const calendar = { zone, workingDays: [1, 2, 3, 4, 5], holidays: [] };
      const due = nextWait({
        from: at('2026-01-05T10:00'),
        for: { months: 0, days: 2, ms: 0 },
        at: '09:00',
        days: 'working',
        calendar,
      });
      return `${localDateTime(due, zone)} ${zone}`;
    };
    expect(wait(ROME)).toBe('2026-01-07T09:00 Europe/Rome');
    expect(wait('Asia/Kuala_Lumpur')).toBe('2026-01-07T09:00 Asia/Kuala_Lumpur');
    expect(wait('America/Los_Angeles')).toBe('2026-01-07T09:00 America/Los_Angeles');
  });
});
