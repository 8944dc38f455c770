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
const thanks = (data: Record<string, unknown>, objectId: string | null = null): Activity => ({
  id: 'a',
  type: 'thanks.given',
  personId: 'ada',
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
    expect(suspicionsOf([thanks({ toPersonId: 'ada' })], [own]).certain).toHaveLength(1);
    expect(suspicionsOf([thanks({ toPersonId: 'bob' })], [own])).toEqual({ certain: [], questions: [] });
  });

  it('asks how many of the type came before within the time', () => {
    expect(asked(thanks({}), { more_than: 3, within: '1h' })).toEqual([
      { personId: 'ada', type: 'thanks.given', same: {}, since: 10_000_000 - 3_600_000, most: 3 },
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
    expect(asked(thanks({ toPersonId: 'bob' }), { back: 'event.toPersonId', within: '7d' })).toMatchObject([
      { personId: 'bob', same: { toPersonId: 'ada' } },
    ]);
    expect(asked(thanks({ toPersonId: 'ada' }), { back: 'event.toPersonId', within: '7d' })).toEqual([]);
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
