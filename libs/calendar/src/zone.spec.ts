import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isZone, localDate, localTime, localToInstant, offsetAt } from './index.js';

const iso = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const DECADE = { min: iso('2020-01-01T00:00:00Z'), max: iso('2032-01-01T00:00:00Z') };
const ZONES = Intl.supportedValuesOf('timeZone');

describe('local time', () => {
  it.each([
    ['an ordinary time', '2026-01-05', '09:00', 'Europe/Rome', '2026-01-05T08:00:00Z'],
    [
      'a time in the spring gap is the next valid minute',
      '2026-03-29',
      '02:30',
      'Europe/Rome',
      '2026-03-29T01:00:00Z',
    ],
    ['the first minute of the gap too', '2026-03-29', '02:00', 'Europe/Rome', '2026-03-29T01:00:00Z'],
    ['the minute after the gap', '2026-03-29', '03:00', 'Europe/Rome', '2026-03-29T01:00:00Z'],
    ['a time that exists twice is the first', '2026-10-25', '02:30', 'Europe/Rome', '2026-10-25T00:30:00Z'],
    ['a half-hour gap', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['midnight in a gap at midnight', '2026-09-06', '00:10', 'America/Santiago', '2026-09-06T04:00:00Z'],
    ['a whole day that was skipped', '2011-12-30', '12:00', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['a quarter-hour zone', '2026-06-01', '09:00', 'Asia/Kathmandu', '2026-06-01T03:15:00Z'],
  ])('%s', (_what, date, time, zone, expected) => {
    expect(localToInstant(date, time, zone)).toBe(iso(expected));
  });

  it('agrees with Intl on the offset in every zone, at random moments', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer(DECADE), (zone, ms) => {
        const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        expect([localDate(ms, zone), localTime(ms, zone)]).toEqual([
          local.toPlainDate().toString(),
          local.toPlainTime().toString().slice(0, 5),
        ]);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the rule around both transitions of every zone', () => {
    for (const zone of ZONES) for (const at of transitions(zone)) holdsAround(at, zone);
  });

  it('knows zones from other words', () => {
    expect(['Europe/Rome', 'UTC', 'Europe/Roma', 'recipient', '', '+02:00'].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('converts some hundred thousand local times a second', () => {
    const started = performance.now();
    for (let i = 0; i < 50_000; i++) localToInstant('2026-05-04', '09:00', ZONES[i % 40] ?? 'UTC');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function transitions(zone: string): number[] {
  const start = Temporal.Instant.from('2025-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  const first = start.getTimeZoneTransition('next');
  const second = first?.getTimeZoneTransition('next');
  return [first, second].filter((t) => t != null).map((t) => t.epochMilliseconds);
}

/** Every quarter of an hour of the local day around a transition: it maps to itself, or, where it does not exist, to the transition. */
function holdsAround(at: number, zone: string): void {
  for (
    let local = at + offsetAt(at, zone) - 6 * 3_600_000;
    local < at + 12 * 3_600_000 + offsetAt(at, zone);
    local += 900_000
  ) {
    const [date = '', clock = ''] = Temporal.Instant.fromEpochMilliseconds(local).toString().split('T');
    const instant = localToInstant(date, clock.slice(0, 5), zone);
    const exists =
      `${localDate(instant, zone)}T${localTime(instant, zone)}` === `${date}T${clock.slice(0, 5)}`;
    if (exists) expect(firstWith(local, zone)).toBe(instant);
    else expect([zone, instant]).toEqual([zone, at]);
  }
}

function firstWith(local: number, zone: string): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();
  return wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds;
}
