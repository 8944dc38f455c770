import { describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS, backoff, settle } from './delivery.js';
import type { Outcome } from './delivery.js';

const now = new Date('2026-01-05T08:00:00Z');
const later: Outcome = { kind: 'later', reason: '451 busy' };
const minutesTill = (attempts: number): number | null => {
  const { nextAttemptAt } = settle({ id: 'd1', attempts, repeats: 0, held: false }, later, now);
  return nextAttemptAt && (nextAttemptAt.getTime() - now.getTime()) / 60_000;
};

describe('what becomes of an attempt', () => {
  it('waits longer from attempt to attempt, and gives up after the sixth', () => {
    const waits = [1, 2, 3, 4, 5].map((attempts) => minutesTill(attempts)!);
    for (const [index, plan] of [1, 5, 15, 60, 180].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(plan);
      expect(waits[index]).toBeLessThanOrEqual(plan * 1.2);
    }
    expect(minutesTill(6)).toBeNull();
    expect(settle({ id: 'd1', attempts: MAX_ATTEMPTS, repeats: 0, held: false }, later, now)).toMatchObject({
      state: 'failed',
      reason: 'given up after 6 attempts: 451 busy',
    });
  });

  it('does not bring back together what was refused together, and is the same for the same mail', () => {
    const waits = Array.from({ length: 50 }, (_, index) => backoff(`d${index}`, 1));
    expect(new Set(waits).size).toBeGreaterThan(45);
    expect(Array.from({ length: 50 }, (_, index) => backoff(`d${index}`, 1))).toEqual(waits);
  });

  it('brings back together what went as one mail', () => {
    const lead = { id: 'd1', attempts: 2 };
    const [first, second] = ['d1', 'd2'].map((id, attempts) =>
      settle({ id, attempts: attempts + 1, repeats: 0, held: false }, later, now, lead),
    );
    expect(second!.nextAttemptAt).toEqual(first!.nextAttemptAt);
    expect(first!.nextAttemptAt!.getTime() - now.getTime()).toBe(backoff('d1', 2));
  });

  it('leaves what has waited for the digest waiting for it, when nobody knows', () => {
    const held = { id: 'd1', attempts: 1, repeats: 0, held: true };
    const unknown: Outcome = { kind: 'unknown', reason: 'the connection broke' };
    expect(settle(held, unknown, now)).toMatchObject({ state: 'intended', held: true });
    expect(settle({ ...held, repeats: 1 }, unknown, now)).toMatchObject({ state: 'ambiguous', held: false });
    expect(settle(held, { kind: 'sent' }, now).held).toBe(false);
  });

  it('does not count as an attempt when its time has not come', () => {
    const until = new Date('2026-01-09T08:00:00Z');
    const waits: Outcome = { kind: 'waits', until, reason: 'quiet hours', held: false };
    expect(settle({ id: 'd1', attempts: 1, repeats: 0, held: false }, waits, now)).toMatchObject({
      state: 'intended',
      nextAttemptAt: until,
      tried: false,
      reason: 'quiet hours: sent from 2026-01-09T08:00:00.000Z on',
    });
  });

  it('repeats once at once when nobody knows, then leaves it ambiguous', () => {
    const unknown: Outcome = { kind: 'unknown', reason: 'the connection broke' };
    expect(settle({ id: 'd1', attempts: 1, repeats: 0, held: false }, unknown, now)).toMatchObject({
      state: 'intended',
      nextAttemptAt: now,
      repeats: 1,
    });
    expect(settle({ id: 'd1', attempts: 2, repeats: 1, held: false }, unknown, now)).toMatchObject({
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
    expect(
      outcomes.map(
        (outcome) => settle({ id: 'd1', attempts: 1, repeats: 0, held: false }, outcome, now).state,
      ),
    ).toEqual(['sent', 'failed', 'suppressed']);
  });
});
