import { describe, expect, it } from '@jest/globals';
import { challengeSchema, openStretches, stretchToShow } from './index.js';

const base = { id: 'c', name: 'C', kind: 'personal', metric: 'shares', target: 3, zone: 'Europe/Rome' };
const monthly = challengeSchema.parse({ ...base, period: 'month' });
const once = challengeSchema.parse({ ...base, from: '2026-03-28', to: '2026-03-29', grace: '6h' });
const at = (instant: string): number => Date.parse(instant);

describe('a challenge', () => {
  it('has a period or two dates, not both and not half', () => {
    const problems = [
      {},
      { period: 'week', from: '2026-01-01', to: '2026-01-09' },
      { from: '2026-01-01' },
    ].map((more) => challengeSchema.safeParse({ ...base, ...more }).success);
    expect(problems).toEqual([false, false, false]);
    expect(challengeSchema.safeParse({ ...base, from: '2026-02-02', to: '2026-02-01' }).success).toBe(false);
  });

  it('counts the period before until the grace is over', () => {
    const keys = (instant: string): string[] => openStretches(monthly, at(instant)).map(({ key }) => key);
    expect(keys('2026-03-01T10:59:00Z')).toEqual(['2026-03', '2026-02']);
    expect(keys('2026-03-01T11:00:00Z')).toEqual(['2026-03']);
  });

  it('of two dates lasts both days whole, also when the clocks change', () => {
    const stretch = stretchToShow(once, at('2026-01-01T00:00:00Z'));
    expect(new Date(stretch.start).toISOString()).toBe('2026-03-27T23:00:00.000Z');
    expect(new Date(stretch.end).toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect([stretch.from, stretch.to, stretch.key]).toEqual([
      '2026-03-28',
      '2026-03-30',
      '2026-03-28..2026-03-29',
    ]);
    expect(openStretches(once, at('2026-03-30T03:59:00Z'))).toHaveLength(1);
    expect(openStretches(once, at('2026-03-30T04:00:00Z'))).toEqual([]);
    expect(openStretches(once, at('2026-03-27T22:59:59Z'))).toEqual([]);
  });
});
