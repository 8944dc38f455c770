import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { boardsFile, programmeOf } from './boards.support.js';

let service: TestService;
let replica: TestService;

useEngagement((stage) => ({ service, replica } = stage), {
  env: { PROGRAMME_DIR: programmeOf({ 'boards.yaml': boardsFile }) },
  replica: true,
});

let numbers = 0;
const person = (more: object = {}): Promise<string> => addPerson(service, `p${numbers++}@boards.test`, more);

/** Each desk is two points. */
async function tidy(personId: string, occurredAt: string, count = 1): Promise<void> {
  const activities = Array.from({ length: count }, () => ({ type: 'desk.tidied', personId, occurredAt }));
  const { status } = await service.call('POST', '/engagement/activities', activities);
  expect(status).toBeLessThan(300);
}

/** What another replica, or a hand in the database, has committed is seen after a tenth of a second. */
const get = async (path: string, from = service) => {
  if (from === replica) await pause(110);
  return (await from.call('GET', `/engagement/boards/${path}`)).body;
};
const idsOf = ({ places }: { places: { personId: string; rank: number }[] }, mine: readonly string[]) =>
  places
    .filter(({ personId }) => mine.includes(personId))
    .map(({ personId, rank }) => [mine.indexOf(personId), rank]);

/** Takes back what somebody has got since an instant, as a reversal does: dated at what it answers. */
async function reverse(personId: string, since = '2018-01-01'): Promise<void> {
  await service.query(
    `INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
     SELECT gen_random_uuid(), person_id, 'reverse', -points, rule, rule_version, id, 'a test', occurred_at, posted_at
     FROM ledger WHERE person_id = $1 AND occurred_at > $2 AND kind = 'earn' ORDER BY occurred_at LIMIT 1 ON CONFLICT DO NOTHING`,
    [personId, since],
  );
  await pause(110);
}

describe('a running board', () => {
  it('shows what was committed just before, on every replica', async () => {
    const who = await person();
    await get('ever?limit=1000', replica);
    for (let day = 1; day <= 3; day++) {
      await tidy(who, `2019-01-0${day}T10:00:00Z`);
      for (const from of [service, replica])
        expect((await get(`ever/people/${who}`, from)).place.score).toBe(2 * day);
    }
  });

  it('ranks 1-1-3 and names who was first before', async () => {
    const mine = [await person(), await person(), await person()];
    await tidy(mine[0]!, '2019-03-05T10:00:00Z', 2);
    await tidy(mine[1]!, '2019-03-04T10:00:00Z', 2);
    await tidy(mine[2]!, '2019-03-04T09:00:00Z', 1);
    const board = await get('weekly-company?period=2019-W10');
    expect(idsOf(board, mine)).toEqual([
      [1, 1],
      [0, 1],
      [2, 3],
    ]);
    expect(board).toMatchObject({ participants: 3, cursor: null });
  });

  it('pages to its end, and shows who stands around somebody', async () => {
    const mine = await Promise.all(Array.from({ length: 7 }, () => person()));
    for (const [index, who] of mine.entries())
      await tidy(who, `2019-04-0${1 + (index % 3)}T10:00:00Z`, 1 + (index % 4));
    const all = await get('weekly-company?period=2019-W14');
    const paged: object[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await get(`weekly-company?period=2019-W14&limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.places);
      cursor = page.cursor;
    }
    expect(paged).toEqual(all.places);
    const around = await get(`weekly-company/people/${all.places[3].personId}/around?period=2019-W14&span=1`);
    expect(around.places).toEqual(all.places.slice(2, 5));
    expect(await get('weekly-company?cursor=nonsense')).toMatchObject({ code: 'cursor_wrong' });
    expect(await get('weekly-company?period=2019-04')).toMatchObject({ code: 'period_unknown' });
  });

  it('gives back the moment of before when points are taken back, so that a tie is fair', async () => {
    const [first, second] = [await person(), await person()];
    await tidy(first, '2019-05-06T10:00:00Z');
    await tidy(second, '2019-05-07T10:00:00Z');
    const order = async (from: TestService) =>
      idsOf(await get('weekly-company?period=2019-W19', from), [first, second]);
    await order(replica);
    await tidy(first, '2019-05-09T10:00:00Z');
    await reverse(first, '2019-05-09');
    for (const from of [service, replica])
      expect(await order(from)).toEqual([
        [0, 1],
        [1, 1],
      ]);
  });

  it('counts a metric by the local days of each person', async () => {
    const [rome, samoa] = [await person(), await person({ zone: 'Pacific/Pago_Pago' })];
    // Eleven hours behind UTC it is still May.
    for (const who of [rome, samoa]) await tidy(who, '2019-06-01T05:00:00Z', 2);
    expect(idsOf(await get('tidied?period=2019-06'), [rome, samoa])).toEqual([[0, 1]]);
    expect(idsOf(await get('tidied?period=2019-05'), [rome, samoa])).toEqual([[1, 1]]);
    expect((await get(`tidied/people/${rome}?period=2019-06`)).place.score).toBe(2);
    await tidy(rome, '2019-06-03T05:00:00Z');
    expect((await get(`tidied/people/${rome}?period=2019-06`)).place.score).toBe(3);
  });

  it('ranks teams by the sum or by the head, and follows who moves', async () => {
    const [a, b, c] = [
      await person({ team: 'Red' }),
      await person({ team: 'Red' }),
      await person({ team: 'Blue' }),
    ];
    const week = 'period=2019-W27';
    const teams = async (board: string) =>
      (await get(`${board}?${week}`)).places
        .filter(({ group }: { group: string }) => ['Red', 'Blue'].includes(group))
        .map(({ group, score, members }: Record<string, unknown>) => [group, score, members]);
    await tidy(a, '2019-07-01T10:00:00Z', 3);
    await tidy(c, '2019-07-01T10:00:00Z', 2);
    expect(await teams('teams')).toEqual([
      ['Red', 6, 2],
      ['Blue', 4, 1],
    ]);
    expect(await teams('heads')).toEqual([
      ['Blue', 4, 1],
      ['Red', 3, 2],
    ]);
    await service.call('PATCH', `/engagement/people/${b}`, { team: 'Blue' });
    await tidy(b, '2019-07-02T10:00:00Z', 2);
    expect(await teams('teams')).toEqual([
      ['Blue', 8, 2],
      ['Red', 6, 1],
    ]);
    expect((await get(`heads/people/${b}?${week}`)).place).toMatchObject({
      group: 'Blue',
      rank: 2,
      score: 4,
    });
  });

  it('takes from a team what is taken back from one of it, and the moment with it', async () => {
    const [a, b, c] = [
      await person({ team: 'Pink' }),
      await person({ team: 'Pink' }),
      await person({ team: 'Grey' }),
    ];
    const week = 'period=2019-W29';
    const places = async (board: string, from: TestService) => (await get(`${board}?${week}`, from)).places;
    await tidy(a, '2019-07-15T10:00:00Z');
    await tidy(b, '2019-07-16T10:00:00Z');
    await tidy(c, '2019-07-17T10:00:00Z', 2);
    for (const from of [service, replica]) await places('teams', from);
    await tidy(b, '2019-07-18T10:00:00Z');
    await reverse(b, '2019-07-18');
    for (const from of [service, replica]) {
      expect(await places('teams', from)).toMatchObject([
        { group: 'Pink', rank: 1, score: 4, members: 2, reachedAt: '2019-07-16T10:00:00.000Z' },
        { group: 'Grey', rank: 1, score: 4, members: 1 },
      ]);
      expect(await places('heads', from)).toMatchObject([
        { group: 'Grey', score: 4 },
        { group: 'Pink', score: 2 },
      ]);
    }
  });

  it('knows somebody in whatever case their id is written', async () => {
    const who = await person();
    await tidy(who, '2019-11-05T10:00:00Z');
    const own = await get(`weekly-company/people/${who}?period=2019-W45`);
    expect(own.place).toMatchObject({ personId: who, score: 2 });
    expect(await get(`weekly-company/people/${who.toUpperCase()}?period=2019-W45`)).toEqual(own);
  });

  it('may be of an audience', async () => {
    const [inside, outside] = [await person({ department: 'Sales' }), await person({ department: 'HR' })];
    for (const who of [inside, outside]) await tidy(who, '2019-08-06T10:00:00Z');
    expect(idsOf(await get('sales?period=2019-W32'), [inside, outside])).toEqual([[0, 1]]);
    expect((await get(`sales/people/${outside}?period=2019-W32`)).place).toBeNull();
  });

  it('keeps the place of somebody hidden, without a name but for themselves', async () => {
    const [shy, open] = [await person(), await person()];
    await tidy(shy, '2019-09-03T10:00:00Z', 2);
    await tidy(open, '2019-09-03T10:00:00Z', 1);
    const hide = (hidden: boolean) => service.call('PUT', `/engagement/people/${shy}/visibility`, { hidden });
    expect((await hide(true)).body).toEqual({ personId: shy, hidden: true });
    for (const from of [service, replica]) {
      const { places } = await get('weekly-company?period=2019-W36', from);
      expect(places).toMatchObject([
        { personId: null, hidden: true, rank: 1, score: 4 },
        { personId: open, hidden: false, rank: 2 },
      ]);
    }
    expect((await get(`weekly-company/people/${shy}?period=2019-W36`)).place).toMatchObject({
      personId: shy,
    });
    await hide(false);
    expect((await get('weekly-company?period=2019-W36', replica)).places[0].personId).toBe(shy);
  });

  it('is not moved by points that expire', async () => {
    const who = await person();
    await tidy(who, '2019-10-01T10:00:00Z');
    await service.query(
      `INSERT INTO ledger VALUES (gen_random_uuid(), $1, 'expire', -2, 'points:expiry', 1, gen_random_uuid(), 'old', '2019-10-02', '2019-10-02')`,
      [who],
    );
    await pause(110);
    expect((await get(`weekly-company/people/${who}?period=2019-W40`)).place.score).toBe(2);
  });
});

describe('what replicas keep in memory', () => {
  it('equals a count of the ledger, however batches, reversals and reads meet', async () => {
    const mine = await Promise.all(Array.from({ length: 12 }, () => person()));
    await get('weekly-company?period=2018-W10', replica);
    await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        await tidy(mine[n % 12]!, `2018-03-0${5 + (n % 4)}T1${n % 10}:00:00Z`, 1 + (n % 3));
        if (n % 5 === 0) await reverse(mine[n % 12]!);
        await get('weekly-company?period=2018-W10', n % 2 ? service : replica);
      }),
    );
    const truth = await service.query(
      `SELECT person_id AS "personId", sum(points)::int AS score FROM ledger
       WHERE occurred_at >= '2018-03-04T23:00Z' AND occurred_at < '2018-03-11T23:00Z' GROUP BY 1 HAVING sum(points) > 0 ORDER BY 1`,
    );
    for (const from of [service, replica]) {
      const { places } = await get('weekly-company?period=2018-W10', from);
      const kept = places.map(({ personId, score }: { personId: string; score: number }) => ({
        personId,
        score,
      }));
      expect(
        kept.toSorted((a: { personId: string }, b: { personId: string }) =>
          a.personId < b.personId ? -1 : 1,
        ),
      ).toEqual(truth);
    }
  });
});
