import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterQuietHours, localTime, localToInstant } from './index.js';

const ROME = 'Europe/Rome';
const NIGHT = { from: '21:00', to: '07:30' };
const at = (local: string, zone = ROME): number => localToInstant(local.slice(0, 10), local.slice(11), zone);

describe('quiet hours', () => {
  it.each([
    ['a moment of the day stays', '2026-01-05T12:00', '2026-01-05T12:00'],
    ['the last minute before them stays', '2026-01-05T20:59', '2026-01-05T20:59'],
    ['the evening waits for the next morning', '2026-01-05T21:00', '2026-01-06T07:30'],
    ['the night waits for the same morning', '2026-01-06T03:00', '2026-01-06T07:30'],
    ['the first minute after them stays', '2026-01-06T07:30', '2026-01-06T07:30'],
    ['the last evening of a month waits for the next', '2028-02-29T23:00', '2028-03-01T07:30'],
  ])('%s', (_what, from, expected) => {
    expect(afterQuietHours(at(from), ROME, NIGHT)).toBe(at(expected));
  });

  it('within a day wait for their end', () => {
    const siesta = { from: '13:00', to: '15:00' };
    expect(afterQuietHours(at('2026-01-05T14:00'), ROME, siesta)).toBe(at('2026-01-05T15:00'));
    expect(afterQuietHours(at('2026-01-05T15:00'), ROME, siesta)).toBe(at('2026-01-05T15:00'));
  });

  it('that end in a gap end at the next valid minute', () => {
    const early = { from: '21:00', to: '02:30' };
    expect(afterQuietHours(at('2026-03-29T01:00'), ROME, early)).toBe(Date.parse('2026-03-29T01:00:00Z'));
  });

  it('of equal times are none', () => {
    const none = { from: '08:00', to: '08:00' };
    expect(afterQuietHours(at('2026-01-05T08:00'), ROME, none)).toBe(at('2026-01-05T08:00'));
  });

  it('never end before they are asked of, never last longer than 25 hours, and are over then', () => {
    const zones = fc.constantFrom(
      'Europe/Rome',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'UTC',
    );
    const time = fc
      .integer({ min: 0, max: 1439 })
      .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
    const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(instant, zones, time, time, (ms, zone, from, to) => {
        const end = afterQuietHours(ms, zone, { from, to });
        expect(end).toBeGreaterThanOrEqual(ms);
        expect(end - ms).toBeLessThanOrEqual(25 * 3_600_000);
        // A time in a gap comes out later, never earlier.
        if (end > ms) expect(localTime(end, zone) >= to).toBe(true);
      }),
    );
  });
});
