import { describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS, settle } from './delivery.js';
import type { Outcome } from './delivery.js';

const now = new Date('2026-01-05T08:00:00Z');
const later: Outcome = { kind: 'later', reason: '451 busy' };
const minutesTill = (attempts: number): number | null => {
  const { nextAttemptAt } = settle({ attempts, repeats: 0 }, later, now);
  return nextAttemptAt && (nextAttemptAt.getTime() - now.getTime()) / 60_000;
};

describe('what becomes of an attempt', () => {
  it('waits longer from attempt to attempt, and gives up after the sixth', () => {
    expect([1, 2, 3, 4, 5, 6].map(minutesTill)).toEqual([1, 5, 15, 60, 180, null]);
    expect(settle({ attempts: MAX_ATTEMPTS, repeats: 0 }, later, now)).toMatchObject({
      state: 'failed',
      reason: 'given up after 6 attempts: 451 busy',
    });
  });

  it('repeats once at once when nobody knows, then leaves it ambiguous', () => {
    const unknown: Outcome = { kind: 'unknown', reason: 'the connection broke' };
    expect(settle({ attempts: 1, repeats: 0 }, unknown, now)).toMatchObject({
      state: 'intended',
      nextAttemptAt: now,
      repeats: 1,
    });
    expect(settle({ attempts: 2, repeats: 1 }, unknown, now)).toMatchObject({
      state: 'ambiguous',
      nextAttemptAt: null,
    });
  });

  it('ends with a mail that is taken, refused or not wanted', () => {
    const outcomes: Outcome[] = [
      { kind: 'sent' },
      { kind: 'failed', reason: 'r' },
      { kind: 'suppressed', reason: 'r' },
    ];
    expect(outcomes.map((outcome) => settle({ attempts: 1, repeats: 0 }, outcome, now).state)).toEqual([
      'sent',
      'failed',
      'suppressed',
    ]);
  });
});
