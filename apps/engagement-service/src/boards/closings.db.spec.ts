import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { boardsFile, programmeOf } from './boards.support.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage), {
  env: { PROGRAMME_DIR: programmeOf({ 'boards.yaml': boardsFile.replaceAll('9999d', '12h') }) },
});

async function tidy(personId: string, occurredAt: string, count = 1): Promise<void> {
  const activities = Array.from({ length: count }, () => ({ type: 'desk.tidied', personId, occurredAt }));
  const { status } = await service.call('POST', '/engagement/activities', activities);
  expect(status).toBeLessThan(300);
}
const get = async (path: string) => (await service.call('GET', `/engagement/boards/${path}`)).body;
const told = (board: string, periodKey: string) =>
  service.query<{ data: { ranking: object[]; groups?: object[]; participants: number } }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->>'type' = 'board.closed'
       AND envelope::jsonb->'data'->>'board' = $1 AND envelope::jsonb->'data'->>'periodKey' = $2`,
    [board, periodKey],
  );

describe('a closed board', () => {
  it('counts what comes late within the grace, is told once, and never moves again', async () => {
    const [a, b] = [
      await addPerson(service, 'a@closed.test', { team: 'Red' }),
      await addPerson(service, 'b@closed.test', { team: 'Blue' }),
    ];
    await service.moveTo('2027-03-02T08:00:00Z');
    await tidy(a, '2027-03-02T07:00:00Z', 2);
    await tidy(b, '2027-03-02T07:30:00Z', 1);
    // The week ends on Sunday at 23:00 UTC; its grace at 11:00 UTC on Monday.
    await service.moveTo('2027-03-08T10:00:00Z');
    await tidy(b, '2027-03-07T22:59:59Z', 2);
    await tidy(a, '2027-03-07T23:00:00Z', 9);
    expect(await get('weekly-company?period=2027-W09')).toMatchObject({ closed: false });
    await service.moveTo('2027-03-08T11:00:00Z');
    const closed = await get('weekly-company?period=2027-W09');
    expect(closed).toMatchObject({
      closed: true,
      participants: 2,
      places: [
        { personId: b, rank: 1, score: 6 },
        { personId: a, rank: 2, score: 4 },
      ],
    });
    await tidy(a, '2027-03-03T07:00:00Z', 5);
    expect(await get('weekly-company?period=2027-W09')).toEqual(closed);
    expect(await told('weekly-company', '2027-W09')).toMatchObject([
      {
        data: {
          participants: 2,
          ranking: [
            { personId: b, rank: 1, score: 6 },
            { personId: a, rank: 2 },
          ],
        },
      },
    ]);
    expect((await told('teams', '2027-W09'))[0]!.data).toMatchObject({
      ranking: [],
      groups: [
        { group: 'Blue', rank: 1, score: 6, members: 1 },
        { group: 'Red', rank: 2, score: 4, members: 1 },
      ],
    });
  });

  it('cannot be changed in the database either', async () => {
    for (const sql of [
      'UPDATE board_places SET score = 99',
      'DELETE FROM board_places',
      'UPDATE board_closings SET participants = 0',
      'DELETE FROM board_closings',
    ])
      await expect(service.query(sql)).rejects.toThrow('what is closed stays as it is');
  });

  it('pages, shows a place with what is around it, and keeps the own best', async () => {
    const people = await Promise.all(
      [1, 2, 3, 4, 5].map((count) => addPerson(service, `best${count}@closed.test`)),
    );
    await service.moveTo('2027-03-23T08:00:00Z');
    for (const [index, who] of people.entries()) await tidy(who, '2027-03-22T07:00:00Z', 1 + index);
    await service.moveTo('2027-03-30T08:00:00Z');
    await tidy(people[2]!, '2027-03-30T07:00:00Z', 9);
    await service.moveTo('2027-04-05T12:00:00Z');
    const week = 'period=2027-W12';
    const first = await get(`weekly-company?${week}&limit=2`);
    const rest = await get(`weekly-company?${week}&limit=9&cursor=${first.cursor}`);
    expect([...first.places, ...rest.places].map(({ personId }) => personId)).toEqual(people.toReversed());
    expect(rest.cursor).toBeNull();
    const around = await get(`weekly-company/people/${people[2]}/around?${week}&span=1`);
    expect(around.places.map(({ rank }: { rank: number }) => rank)).toEqual([2, 3, 4]);
    expect(await get(`weekly-company/people/${people[2]}?${week}`)).toMatchObject({
      place: { rank: 3, score: 6 },
      best: { periodKey: '2027-W13', score: 18, rank: 1 },
    });
    await service.call('PUT', `/engagement/people/${people[4]}/visibility`, { hidden: true });
    expect((await get(`weekly-company/closings/2027-W12?limit=1`)).places).toMatchObject([
      { personId: null, hidden: true, rank: 1 },
    ]);
  });
});
