import { describe, expect, it } from '@jest/globals';
import { isWindowText, windowOf } from './index.js';

describe('a window', () => {
  it.each([
    ['today', '2026-02-18', '2026-02-19'],
    ['day', '2026-02-18', '2026-02-19'],
    ['week', '2026-02-16', '2026-02-23'],
    ['month', '2026-02-01', '2026-03-01'],
    ['quarter', '2026-01-01', '2026-04-01'],
    ['30d', '2026-01-20', '2026-02-19'],
    ['previous_week', '2026-02-09', '2026-02-16'],
    ['previous_month', '2026-01-01', '2026-02-01'],
    ['last_quarter', '2025-10-01', '2026-01-01'],
  ])('called %s of 18 February 2026 is from %s up to %s', (text, from, to) => {
    expect(windowOf(text, '2026-02-18')).toEqual({ from, to });
  });

  it('is known by its name, and nothing else is one', () => {
    expect(['all_time', '7d', '0d', 'previous_year', 'constructor', ''].map(isWindowText)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(windowOf('previous_year', '2026-02-18')).toBeNull();
  });
});
