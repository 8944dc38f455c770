import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  PERIOD_KINDS,
  isWindow,
  localToInstant,
  periodFromKey,
  periodOf,
  previousPeriod,
  previousWindowOf,
  windowOf,
} from './index.js';
import type { PeriodKind } from './index.js';

const ROME = 'Europe/Rome';
const at = (date: string) => localToInstant(date, '12:00', ROME);

describe('periods', () => {
  it.each<[PeriodKind, string, string]>([
    ['day', '2026-01-05', '2026-01-05'],
    ['week', '2026-01-05', '2026-W02'],
    ['week', '2027-01-03', '2026-W53'], // the week belongs to the year of its Thursday
    ['week', '2024-12-30', '2025-W01'],
    ['month', '2026-01-31', '2026-01'],
    ['quarter', '2026-06-30', '2026-Q2'],
    ['all_time', '2026-01-05', 'all'],
  ])('the %s of %s is %s', (kind, date, key) => {
    expect(periodOf(kind, at(date), ROME).key).toBe(key);
  });

  it('are half open, touch, hold their moment, and come back from their key', () => {
    const kinds = fc.constantFrom(...PERIOD_KINDS);
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(
        kinds,
        zones,
        fc.integer({ min: 1_577_836_800_000, max: 1_956_528_000_000 }),
        (kind, zone, ms) => {
          const period = periodOf(kind, ms, zone);
          expect(period.start <= ms && ms < period.end).toBe(true);
          expect(periodFromKey(period.key, zone)).toEqual(period);
          if (kind !== 'all_time') expect(previousPeriod(period, zone).end).toBe(period.start);
          if (kind !== 'all_time') expect(periodOf(kind, period.end, zone).start).toBe(period.end);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are not made from a key that names none', () => {
    expect(
      ['2026-W54', '2026-13', '2026-Q5', '2026-02-30', 'x', ''].map((key) => periodFromKey(key, ROME)),
    ).toEqual(Array(6).fill(null));
  });
});

describe('windows', () => {
  it.each([
    ['today', '2026-02-18', '2026-02-19'],
    ['yesterday', '2026-02-17', '2026-02-18'],
    ['this_week', '2026-02-16', '2026-02-23'],
    ['last_week', '2026-02-09', '2026-02-16'],
    ['this_month', '2026-02-01', '2026-03-01'],
    ['last_month', '2026-01-01', '2026-02-01'],
    ['this_quarter', '2026-01-01', '2026-04-01'],
    ['last_quarter', '2025-10-01', '2026-01-01'],
    ['last_30_days', '2026-01-20', '2026-02-19'],
  ])('%s on 18 February 2026', (name, fromDate, toDateExclusive) => {
    expect(windowOf(name, at('2026-02-18'), ROME)).toEqual({ fromDate, toDateExclusive });
    expect(previousWindowOf(name, at('2026-02-18'), ROME)?.toDateExclusive).toBe(fromDate);
  });

  it('know their names', () => {
    expect(['all_time', 'last_7_days', 'last_0_days', 'last_year', 'constructor'].map(isWindow)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(windowOf('last_year', 0, ROME)).toBeNull();
  });
});
