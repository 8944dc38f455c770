import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cronBetween, localDateTime, localToInstant, nextCron, offsetAt, parseCron } from './index.js';
import type { Cron } from './index.js';

function cron(text: string): Cron {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.cron;
}

function after(local: string, zone: string): number {
  const [date = '', time = ''] = local.split('T');
  return localToInstant(date, time, zone);
}

describe('nextCron', () => {
  it.each([
    ['0 9 * * MON', '2026-01-05T09:00', 'Europe/Rome', '2026-01-12T09:00'],
    ['0 9 * * MON', '2026-01-05T08:59', 'Europe/Rome', '2026-01-05T09:00'],
    ['0 8 1 * *', '2026-01-31T12:00', 'Europe/Rome', '2026-02-01T08:00'],
    ['*/15 9-17 * * MON-FRI', '2026-01-09T17:45', 'UTC', '2026-01-12T09:00'],
    ['30 2 * * *', '2026-03-28T03:00', 'Europe/Rome', '2026-03-29T03:00'], // the gap: next valid minute
    ['30 2 * * *', '2026-03-29T03:00', 'Europe/Rome', '2026-03-30T02:30'], // and only once
    ['0 0 13 * FRI', '2026-01-01T00:00', 'UTC', '2026-01-02T00:00'], // either day, as in Vixie cron
    ['0 0 */2 * FRI', '2026-01-01T00:00', 'UTC', '2026-01-09T00:00'], // a star makes it both days
    ['0 12 * * 7', '2026-01-05T00:00', 'UTC', '2026-01-11T12:00'],
    ['0 0 29 FEB *', '2026-01-01T00:00', 'UTC', '2028-02-29T00:00'],
    ['5,10 0 * JAN,jul *', '2026-01-31T00:10', 'UTC', '2026-07-01T00:05'],
  ])('%s after %s in %s is %s', (text, from, zone, expected) => {
    const next = nextCron(cron(text), zone, after(from, zone));
    expect(next === null ? null : localDateTime(next, zone)).toBe(expected);
  });

  it('fires a time that exists twice once, the first time', () => {
    const zone = 'Europe/Rome';
    const fired = cronBetween(
      cron('30 2 * * *'),
      zone,
      after('2026-10-24T12:00', zone),
      after('2026-10-26T12:00', zone),
      10,
    );
    expect(fired).toEqual([after('2026-10-25T02:30', zone), after('2026-10-26T02:30', zone)]);
    expect(offsetAt(fired[0] ?? 0, zone)).toBe(7_200_000);
  });

  it('gives null for a date that never comes', () => {
    expect(nextCron(cron('0 0 31 2 *'), 'UTC', 0)).toBeNull();
  });

  it('fires a daily schedule exactly once for every local date, in every zone', () => {
    const at = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const { hour, minute } = fc.sample(at, { numRuns: 1, seed: zone.length })[0] ?? { hour: 2, minute: 30 };
      const from = after('2026-01-01T00:00', 'UTC');
      const fired = cronBetween(cron(`${minute} ${hour} * * *`), zone, from, from + 365 * 86_400_000, 1000);
      expect([zone, fired.length]).toEqual([zone, 365]);
    }
  });

  it('always moves forward, and never fires a nominal time twice', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 1_577_836_800_000, max: 1_956_528_000_000 }),
        fc.integer({ min: 1, max: 59 }),
        (zone, ms, step) => {
          const fired = cronBetween(cron(`*/${step} 0-4 * * *`), zone, ms, ms + 40 * 86_400_000, 300);
          expect(new Set(fired.map((f) => localDateTime(f, zone))).size).toBe(fired.length);
          expect(fired.every((f, i) => f > (fired[i - 1] ?? ms))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('parseCron', () => {
  it.each([
    ['0 9 * *', 'write five'],
    ['60 9 * * *', 'outside minute; use 0..59'],
    ['0 9 * * MOO', 'outside day of week'],
    ['0 9 * * FRI-MON', 'runs backwards'],
    ['*/0 * * * *', 'outside minute'],
    ['x 9 * * *', 'is no minute'],
    ['0 9 0 * *', 'outside day of month'],
  ])('says what is wrong with %s', (text, message) => {
    expect(parseCron(text)).toEqual({ ok: false, error: expect.stringContaining(message) });
  });
});
