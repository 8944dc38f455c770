import { describe, expect, it } from '@jest/globals';
import { periodOf } from '#libs/calendar';
import { expectedOf, spansAround } from './drops.js';

const ROME = 'Europe/Rome';
const nine = <T>(first: T, rest: T): T[] => [first, ...Array.from({ length: 8 }, () => rest)];

describe('what was to be expected of a period', () => {
  it('is usually the mean of the four before it', () => {
    const now = [1, 4, 6, 8, 2, 100, 100, 100, 100];
    expect(expectedOf('usual', { now, lastYear: nine(50, 50) })).toBe(5);
  });

  it('is in season that of last year, as much more as this year is than last year', () => {
    expect(expectedOf('season', { now: nine(10, 30), lastYear: nine(8, 15) })).toBe(16);
  });

  it('is what is usual where there was no last year', () => {
    expect(expectedOf('season', { now: nine(10, 30), lastYear: nine(0, 0) })).toBe(30);
    expect(expectedOf('season', { now: nine(10, 30), lastYear: nine(5, 0) })).toBe(30);
  });

  it('looks at the same week 52 weeks before, and at the same month', () => {
    const week = spansAround(periodOf('week', Date.parse('2026-07-01T12:00:00Z'), ROME), ROME);
    expect(week.now[0]).toEqual({ key: '2026-W27', from: '2026-06-29', to: '2026-07-06' });
    expect(week.lastYear[0]!.from).toBe('2025-06-30');
    expect(week.now).toHaveLength(9);
    const month = spansAround(periodOf('month', Date.parse('2026-03-10T12:00:00Z'), ROME), ROME);
    expect([month.now[1]!.key, month.lastYear[0]!.key, month.lastYear[8]!.key]).toEqual([
      '2026-02',
      '2025-03',
      '2024-07',
    ]);
  });
});
