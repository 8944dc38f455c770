import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ruleBook, verdictsOf, versionFor } from './index.js';
import type { Activity, RuleVersion } from './index.js';

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const version = (number: number, publishedOn: string, more: Partial<RuleVersion> = {}): RuleVersion => ({
  id: 'training',
  name: 'Training',
  when: 'training.attended',
  award: number * 10,
  version: number,
  publishedAt: at(publishedOn),
  since: null,
  endedAt: null,
  ...more,
});
const on = (day: string, type = 'training.attended', data: Record<string, unknown> = {}): Activity => ({
  id: 'a',
  type,
  personId: 'ada',
  objectId: null,
  occurredAt: at(day) + 1,
  day,
  data,
});
const judgedBy = (versions: readonly RuleVersion[], day: string, type?: string): number[] =>
  ruleBook(versions)(on(day, type)).map((rule) => rule.version);

describe('the version that judges an activity', () => {
  const three = [version(1, '2026-01-01'), version(2, '2026-02-01'), version(3, '2026-03-01')];

  it.each([
    ['2025-12-01', 1],
    ['2026-01-15', 1],
    ['2026-02-01', 2],
    ['2026-02-28', 2],
    ['2026-03-01', 3],
  ])('of %s is version %i', (day, expected) => {
    expect(judgedBy(three, day)).toEqual([expected]);
  });

  it('is the newer one from the day on that it was counted backwards to', () => {
    const backwards = [three[0]!, three[1]!, version(3, '2026-03-01', { since: '2026-01-10' })];
    expect(['2026-01-09', '2026-01-10', '2026-02-15'].map((day) => judgedBy(backwards, day))).toEqual([
      [1],
      [3],
      [3],
    ]);
  });

  it('is none once the rule was taken out, and the next one when it comes back', () => {
    const back = [version(1, '2026-01-01', { endedAt: at('2026-02-01') }), version(2, '2026-03-01')];
    expect(['2026-01-15', '2026-02-15', '2026-03-15'].map((day) => judgedBy(back, day))).toEqual([
      [1],
      [],
      [2],
    ]);
  });

  it('is none for a type that only another version listens to', () => {
    const moved = [version(1, '2026-01-01'), version(2, '2026-02-01', { when: 'course.attended' })];
    expect([
      judgedBy(moved, '2026-01-15'),
      judgedBy(moved, '2026-02-15'),
      judgedBy(moved, '2026-02-15', 'course.attended'),
      judgedBy(moved, '2026-01-15', 'course.attended'),
    ]).toEqual([[1], [], [2], []]);
  });

  it('does not hang on the order the versions are read in', () => {
    const days = fc.integer({ min: 0, max: 120 });
    const versions = fc
      .uniqueArray(days, { minLength: 1, maxLength: 6 })
      .map((list) => list.toSorted((a, b) => a - b).map((day, index) => version(index + 1, dateOf(day))));
    fc.assert(
      fc.property(versions, days, fc.infiniteStream(fc.nat()), (all, day, noise) => {
        const keys = new Map(all.map((item) => [item.version, noise.next().value]));
        const shuffled = all.toSorted((a, b) => keys.get(a.version)! - keys.get(b.version)!);
        const newestFirst = all.toReversed();
        const expected = versionFor(newestFirst, on(dateOf(day)))!.version;
        expect(judgedBy(shuffled, dateOf(day))).toEqual([expected]);
        // The newest of those that were there, or the first where none was.
        const there = all.filter(({ publishedAt }) => publishedAt <= at(dateOf(day)) + 1);
        expect(expected).toBe(there.at(-1)?.version ?? 1);
      }),
    );
  });
});

const dateOf = (day: number): string =>
  new Date(Date.parse('2026-01-01T12:00:00Z') + day * 86_400_000).toISOString().slice(0, 10);

describe('what a rule makes of an activity', () => {
  it('is said with what its condition saw', () => {
    const asks = version(1, '2026-01-01', { if: 'event.hours > 2.0' });
    expect(verdictsOf(on('2026-01-15', 'training.attended', { hours: 1 }), [asks])).toMatchObject([
      {
        verdict: 'condition',
        saw: { 'event.hours': 1 },
        words: '"Training" (version 1) asks that event.hours > 2.0, which is not so: event.hours was 1.',
      },
    ]);
    expect(verdictsOf(on('2026-01-15'), [asks])[0]!.words).toContain('event.hours was not there');
    expect(verdictsOf(on('2026-01-15', 'training.attended', { hours: 3 }), [asks])[0]!.verdict).toBe(
      'judged',
    );
  });

  it('is said with the days it holds', () => {
    const later = version(1, '2026-01-01', { valid_from: '2026-02-01' });
    expect(verdictsOf(on('2026-01-15'), [later])).toMatchObject([
      { verdict: 'validity', words: '"Training" (version 1) holds from 2026-02-01; this was on 2026-01-15.' },
    ]);
  });

  it('is nothing where it listens to something else', () => {
    expect(verdictsOf(on('2026-01-15', 'content.shared'), [version(1, '2026-01-01')])).toEqual([]);
  });
});
