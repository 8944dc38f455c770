import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';

let service: TestService;
let another: () => Promise<TestService>;

useEngagement((stage) => ({ service, another } = stage));

const share = async (personId: string, ...days: string[]): Promise<void> => {
  const activities = days.map((day) => ({
    type: 'content.shared',
    personId,
    occurredAt: `${day}T07:30:00Z`,
  }));
  await record(activities);
};
/** What the content service would tell; over REST nobody may. */
const record = async (
  activities: { type: string; personId: string; occurredAt: string }[],
): Promise<void> => {
  await service.app
    .get(ActivitiesService, { strict: false })
    .report(activities.map((item) => ({ ...item, data: {} })));
};
const streakOf = async (personId: string, streak = 'sharing-days') => {
  const { body } = await service.call('GET', `/engagement/people/${personId}/streaks`);
  return body.find((item: { streak: string }) => item.streak === streak);
};
const kept = (personId: string) =>
  service.query(
    `SELECT first_unit::text AS "from", last_unit::text AS "to", length FROM streak_runs
     WHERE person_id = $1 AND streak = 'sharing-days' ORDER BY last_unit`,
    [personId],
  );

// The clock of the service stands at Monday, 2 March 2026, 09:00 in Rome.
describe('a streak', () => {
  it('goes on from Friday to Monday, and is open until the day is over', async () => {
    const person = await addPerson(service, 'weekend@streaks.test');
    await share(person, '2026-02-26', '2026-02-27');
    expect(await streakOf(person)).toMatchObject({ current: 2, longest: 2, now: 'open' });
    await share(person, '2026-02-28', '2026-03-02');
    expect(await streakOf(person)).toMatchObject({
      current: 3,
      from: '2026-02-26',
      to: '2026-03-02',
      now: 'done',
    });
  });

  it('is healed by what is told late, and by leave told afterwards', async () => {
    const person = await addPerson(service, 'late@streaks.test');
    await share(person, '2026-02-23', '2026-02-25', '2026-03-02');
    expect(await streakOf(person)).toMatchObject({ current: 1, longest: 1 });
    await share(person, '2026-02-24');
    expect(await kept(person)).toMatchObject([{ length: 3 }, { length: 1 }]);
    const leave = { from: '2026-02-26', to: '2026-02-27' };
    const { status, body } = await service.call('POST', `/engagement/people/${person}/leave`, leave);
    expect(status).toBe(201);
    expect(await streakOf(person)).toMatchObject({ current: 4, longest: 4, from: '2026-02-23' });
    await service.call('DELETE', `/engagement/people/${person}/leave/${body.id}`);
    expect(await streakOf(person)).toMatchObject({ current: 1, longest: 3 });
  });

  it('does not hang on how its days were put into batches, or on their order', async () => {
    const days = ['2026-02-16', '2026-02-17', '2026-02-19', '2026-02-20', '2026-02-23', '2026-02-18'];
    const [one, each] = [
      await addPerson(service, 'one@streaks.test'),
      await addPerson(service, 'each@streaks.test'),
    ];
    await share(one, ...days);
    for (const day of days) await share(each, day);
    expect(await kept(each)).toEqual(await kept(one));
    expect(await kept(one)).toEqual([{ from: '2026-02-16', to: '2026-02-23', length: 6 }]);
  });

  it('that somebody has broken is restored with a reason, once, and stands in the record', async () => {
    const person = await addPerson(service, 'restore@streaks.test');
    await share(person, '2026-02-24', '2026-02-25');
    const restore = () =>
      service.call('POST', `/engagement/people/${person}/streaks/sharing-days/restore`, { reason: 'ill' });
    expect((await restore()).body).toMatchObject({ current: 2, longest: 2, now: 'open' });
    expect((await restore()).body).toMatchObject({ code: 'streak_unbroken' });
    const { body } = await service.call(
      'GET',
      `/engagement/audit?what=streak%20sharing-days%20of%20${person}`,
    );
    expect(body).toMatchObject([
      {
        action: 'restore',
        before: { current: 0 },
        after: { from: '2026-02-26', to: '2026-03-01', reason: 'ill' },
      },
    ]);
  });

  it('brings its badge at the share that made it long enough, tier by tier and told once', async () => {
    const person = await addPerson(service, 'badge@streaks.test');
    await share(person, '2026-02-03', '2026-02-12', '2026-02-17');
    const badges = async () => (await service.call('GET', `/engagement/people/${person}/badges`)).body;
    expect((await badges()).map(({ badge }: { badge: string }) => badge)).toEqual(['first-share']);
    await share(person, '2026-02-25');
    expect(await badges()).toContainEqual(
      expect.objectContaining({
        badge: 'steady-voice',
        tier: 'bronze',
        earnedAt: '2026-02-25T07:30:00.000Z',
      }),
    );
    const { body } = await service.call('GET', `/engagement/people/${person}/badges/progress`);
    expect(body).toContainEqual(
      expect.objectContaining({
        badge: 'steady-voice',
        tier: 'bronze',
        nextTier: 'silver',
        words: '4 of 12',
      }),
    );
  });

  it('brings its badge also when leave told afterwards makes it long enough, once', async () => {
    const person = await addPerson(service, 'healed@streaks.test');
    await share(person, '2026-02-03', '2026-02-10', '2026-02-24', '2026-03-02');
    const steady = async () =>
      (await service.call('GET', `/engagement/people/${person}/badges`)).body.filter(
        ({ badge }: { badge: string }) => badge === 'steady-voice',
      );
    expect(await steady()).toEqual([]);
    const add = async () => {
      const leave = { from: '2026-02-16', to: '2026-02-20' };
      const { body } = await service.call('POST', `/engagement/people/${person}/leave`, leave);
      return `/engagement/people/${person}/leave/${body.id}`;
    };
    const path = await add();
    expect(await steady()).toMatchObject([{ tier: 'bronze', earnedAt: '2026-03-02T08:00:00.000Z' }]);
    await service.call('DELETE', path);
    await add();
    const told = await service.query(
      `SELECT FROM outbox WHERE envelope::jsonb->>'type' = 'badge.earned' AND envelope::jsonb->'data'->>'badge' = 'steady-voice'
         AND envelope::jsonb->'data'->>'personId' = $1`,
      [person],
    );
    expect([(await steady()).length, told.length]).toEqual([1, 1]);
  });

  it('of nobody the directory knows is told to nobody', async () => {
    const stranger = '6c0bfe0f-4c0e-4f39-8a4f-0f8f4dcd2a11';
    expect((await service.call('GET', `/engagement/people/${stranger}/streaks`)).status).toBe(404);
  });
});

describe('the streaks of a programme that has just learnt them', () => {
  it('are made from the sums of days at the next start', async () => {
    const person = await addPerson(service, 'old@streaks.test');
    await share(person, '2026-02-26', '2026-02-27');
    const before = await kept(person);
    await service.query(`DELETE FROM streak_runs`);
    await service.query(`UPDATE streak_definitions SET definition = '{}'`);
    const replica = await another();
    await replica.quiet();
    await replica.stop();
    expect(await kept(person)).toEqual(before);
  });
});
