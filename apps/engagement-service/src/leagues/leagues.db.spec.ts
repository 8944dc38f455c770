import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { programmeOf } from '../boards/boards.support.js';

let service: TestService;
let replica: TestService;

const leagues = `
- { id: week, name: The league, metric: points, tiers: [Bronze, Silver, Gold], size: 6, promote: 2, demote: 2, zone: Europe/Rome }
`;
useEngagement((stage) => ({ service, replica } = stage), {
  env: { PROGRAMME_DIR: programmeOf({ 'leagues.yaml': leagues }) },
  replica: true,
});

const people: string[] = [];

async function tidy(personId: string, occurredAt: string, count: number): Promise<void> {
  const activities = Array.from({ length: count }, () => ({ type: 'desk.tidied', personId, occurredAt }));
  const { status } = await service.call('POST', '/engagement/activities', activities);
  expect(status).toBeLessThan(300);
}
const get = async (path = '') => (await service.call('GET', `/engagement/leagues/week${path}`)).body;
const events = (type: string) =>
  service.query<{ data: Record<string, unknown> }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->>'type' = $1`,
    [type],
  );

// The clock begins on Monday, 2 March 2026; each test goes on from where the one before has ended.
describe('a league', () => {
  it('lets those in on the next morning who have begun, once, and leaves out who is idle or does not want to be ranked', async () => {
    for (let n = 0; n < 14; n++) people.push(await addPerson(service, `l${n}@leagues.test`));
    const shy = people[13]!;
    await service.call('PUT', `/engagement/people/${shy}/visibility`, { hidden: true });
    for (const [n, who] of people.entries()) if (n !== 12) await tidy(who, '2026-03-02T07:00:00Z', n + 1);
    expect(await get()).toMatchObject({ periodKey: '2026-W10', people: 0, groups: [] });
    await service.moveTo('2026-03-03T00:00:00Z');
    const { groups, people: count } = await get();
    expect([count, groups.map((group: { people: number }) => group.people)]).toEqual([12, [6, 6]]);
    expect(await get(`/people/${people[12]}`)).toMatchObject({ group: null, places: [] });
    expect(await get(`/people/${shy}`)).toMatchObject({ group: null });
    expect(await get(`/people/${people[11]}`)).toMatchObject({
      group: 0,
      tier: 'Bronze',
      place: { rank: 1, score: 24 },
    });
  });

  it('shows everybody in the own group as it stands', async () => {
    await tidy(people[6]!, '2026-03-03T00:00:00Z', 30);
    const { places } = await get(`/people/${people[6]}`);
    expect(places.map(({ score }: { score: number }) => score)).toEqual([74, 24, 22, 20, 18, 16]);
    await service.call('PUT', `/engagement/people/${people[11]}/visibility`, { hidden: true });
    expect((await get(`/people/${people[6]}`)).places[1]).toMatchObject({ personId: null, hidden: true });
    expect((await get(`/people/${people[11]}`)).place).toMatchObject({ personId: people[11], rank: 2 });
    await service.call('PUT', `/engagement/people/${people[11]}/visibility`, { hidden: false });
  });

  it('closes after the grace, once on all replicas, moves people and tells them', async () => {
    await Promise.all([service.moveTo('2026-03-09T11:00:00Z'), replica.moveTo('2026-03-09T11:00:00Z')]);
    const own = await get(`/people/${people[6]}?period=2026-W10`);
    expect(own).toMatchObject({ closed: true, place: { outcome: 'promoted', rank: 1 } });
    expect((await events('league.closed')).map(({ data }) => data)).toMatchObject([
      { league: 'week', periodKey: '2026-W10', groups: 2, people: 12, promoted: 4, demoted: 0 },
    ]);
    expect(new Set((await events('league.moved')).map(({ data }) => data['personId']))).toEqual(
      new Set([6, 11, 5, 4].map((n) => people[n])),
    );
    expect((await events('league.moved'))[0]!.data).toMatchObject({ from: 'Bronze', to: 'Silver' });
    await expect(service.query('UPDATE league_results SET rank = 1')).rejects.toThrow('stays as it is');
  });

  it('plays on in the new tiers, with everybody who was active in the weeks before', async () => {
    const next = await get();
    expect(next).toMatchObject({ periodKey: '2026-W11', closed: false, people: 12 });
    expect(await get(`/people/${people[6]}`)).toMatchObject({ tier: 'Silver' });
    expect(await get(`/people/${people[0]}`)).toMatchObject({ tier: 'Bronze', place: { score: 0 } });
    const members = await service.query(
      `SELECT person_id FROM league_members JOIN league_weeks ON id = week_id WHERE period_key = '2026-W11'`,
    );
    expect(new Set(members.map((row) => row['person_id'])).size).toBe(12);
  });
});
