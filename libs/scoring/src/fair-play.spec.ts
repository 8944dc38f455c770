import { describe, expect, it } from '@jest/globals';
import { fairPlaySchema, suspicionsOf } from './index.js';
import type { Activity, FairPlayCheck } from './index.js';

const check = (more: Partial<FairPlayCheck>): FairPlayCheck => ({
  id: 'c',
  name: 'C',
  when: 'thanks.given',
  more_than: 1,
  ...more,
});
const ADA = '0190c8a0-0000-7000-8000-00000000000a';
const BOB = '0190c8a0-0000-7000-8000-00000000000b';
const thanks = (data: Record<string, unknown>, objectId: string | null = null): Activity => ({
  id: 'a',
  type: 'thanks.given',
  personId: ADA,
  objectId,
  occurredAt: 10_000_000,
  day: '2026-03-02',
  data,
});
const asked = (activity: Activity, more: Partial<FairPlayCheck>): object[] =>
  suspicionsOf([activity], [check(more)]).questions.map(
    ({ check: _check, activity: _activity, ...rest }) => rest,
  );

describe('a check of fair play', () => {
  it('is certain where a condition alone says so', () => {
    const own = check({ if: 'event.toPersonId == event.personId' });
    expect(suspicionsOf([thanks({ toPersonId: ADA })], [own]).certain).toHaveLength(1);
    expect(suspicionsOf([thanks({ toPersonId: 'bob' })], [own])).toEqual({ certain: [], questions: [] });
  });

  it('asks how many of the type lie within the time, and only before where it follows on something else', () => {
    const question = { personId: ADA, type: 'thanks.given', same: {}, within: 3_600_000, most: 3 };
    expect(asked(thanks({}), { more_than: 3, within: '1h' })).toEqual([{ ...question, isAfter: false }]);
    expect(asked(thanks({}), { more_than: 3, within: '1h', after: 'content.shared' })).toEqual([
      { ...question, type: 'content.shared', isAfter: true },
    ]);
  });

  it('asks for the same thing only where there is one', () => {
    expect(
      asked(thanks({ text: 'well done' }, 'o1'), { same: ['object', 'event.text'], within: '1d' }),
    ).toMatchObject([{ same: { text: 'well done' }, objectId: 'o1' }]);
    expect(asked(thanks({ text: 'well done' }), { same: ['object'], within: '1d' })).toEqual([]);
    expect(asked(thanks({}, 'o1'), { same: ['event.text'], within: '1d' })).toEqual([]);
  });

  it('asks what the other did towards the person', () => {
    const back = { back: 'event.toPersonId', within: '7d' };
    expect(asked(thanks({ toPersonId: BOB.toUpperCase() }), back)).toMatchObject([
      { personId: BOB, same: {}, towards: { field: 'toPersonId', personId: ADA } },
    ]);
  });

  it.each([ADA, ADA.toUpperCase(), 'bob', '', 7, null, {}])('asks nothing back of %j', (toPersonId) => {
    expect(asked(thanks({ toPersonId }), { back: 'event.toPersonId', within: '7d' })).toEqual([]);
  });

  it.each([
    [{}, 'say what is suspicious'],
    [{ within: 'soon' }, 'is not a duration'],
    [{ within: '1h', same: ['text'] }, 'is no field of the event'],
    [{ within: '1h', same: ['object'], back: 'event.to' }, 'either "same" or "back"'],
    [{ if: 'event.credible &&' }, 'fair'],
  ])('written as %j is refused', (more, message) => {
    const parsed = fairPlaySchema.safeParse([{ id: 'c', name: 'C', when: 'a.b', ...more }]);
    expect(parsed.success).toBe(false);
    if (message !== 'fair')
      expect(JSON.stringify(parsed.error)).toContain(message.replaceAll('"', String.raw`\\\"`));
  });
});
