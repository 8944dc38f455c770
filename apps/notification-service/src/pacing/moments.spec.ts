import { describe, expect, it } from '@jest/globals';
import { nextDigest } from './moments.js';

const calendar = {
  zone: 'Europe/Rome',
  workingDays: [1, 2, 3, 4, 5],
  holidays: ['2026-01-06', '2026-01-16'],
};
const settings = { every: 'weekly', on: 'FRI', at: '09:00' } as const;
const next = (now: string, rhythm: 'daily' | 'weekly'): string =>
  new Date(nextDigest(Date.parse(now), rhythm, calendar, settings)).toISOString();

describe('the next digest', () => {
  it.each([
    ['of a day comes the same morning', '2026-01-05T07:00:00Z', 'daily', '2026-01-05T08:00:00.000Z'],
    [
      'of a day that has begun comes on the next working day',
      '2026-01-05T08:00:00Z',
      'daily',
      '2026-01-07T08:00:00.000Z',
    ],
    ['of a Friday evening comes on Monday', '2026-01-09T18:00:00Z', 'daily', '2026-01-12T08:00:00.000Z'],
    ['of a week comes on Friday', '2026-01-05T08:00:00Z', 'weekly', '2026-01-09T08:00:00.000Z'],
    [
      'of a week whose Friday is a holiday comes on Monday',
      '2026-01-12T08:00:00Z',
      'weekly',
      '2026-01-19T08:00:00.000Z',
    ],
    [
      'asked for at its very moment is that of the week after',
      '2026-01-02T08:00:00Z',
      'weekly',
      '2026-01-09T08:00:00.000Z',
    ],
  ] as const)('%s', (_what, now, rhythm, expected) => {
    expect(next(now, rhythm)).toBe(expected);
  });
});
