import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { TestService } from '../../../../test/support/service.js';
import { programmeOf } from '../boards/boards.support.js';

let service: TestService;
let replica: TestService;

const challenges = `
- { id: mine, name: Ten desks, kind: personal, metric: tidied, target: 10, period: month, zone: Europe/Rome, reward: { points: 50, badge: weekly-winner } }
- { id: ever, name: Ten once, kind: personal, metric: tidied, target: 10, period: month, zone: Europe/Rome, reward: { badge: tidy-one } }
- { id: team, name: Team desks, kind: team, metric: tidied, target: 12, from: 2026-03-02, to: 2026-03-08, zone: Europe/Rome, reward: { points: 7 } }
- { id: all, name: A hundred points, kind: collective, metric: points, target: 100, period: week, for: person.department != "HR", zone: Europe/Rome, reward: { points: 3 } }
`;
const folder = programmeOf({ 'challenges.yaml': challenges });
appendFileSync(join(folder, 'badges.yaml'), '- { id: tidy-one, name: Tidy one, description: Tidies. }\n');
useEngagement((stage) => ({ service, replica } = stage), {
  env: { PROGRAMME_DIR: folder },
  replica: true,
});

/** Each replica has a clock of its own here. */
const moveTo = (instant: string) => Promise.all([service, replica].map((one) => one.moveTo(instant)));

async function tidy(personId: string, occurredAt: string, count: number): Promise<void> {
  const activities = Array.from({ length: count }, () => ({ type: 'desk.tidied', personId, occurredAt }));
  const { status } = await service.call('POST', '/engagement/activities', activities);
  expect(status).toBeLessThan(300);
}
const get = async (path: string) => (await service.call('GET', `/engagement/challenges/${path}`)).body;
const finishesOf = (challenge: string, periodKey: string) =>
  service.query<{ data: Record<string, unknown> }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->>'type' = 'challenge.finished'
       AND envelope::jsonb->'data'->>'challenge' = $1 AND envelope::jsonb->'data'->>'periodKey' = $2`,
    [challenge, periodKey],
  );
const rewards = (personId: string, challenge: string) =>
  service.query(`SELECT points, reason FROM ledger WHERE person_id = $1 AND rule = 'challenge:' || $2`, [
    personId,
    challenge,
  ]);

// The clock begins on Monday, 2 March 2026, at 08:00 UTC; each test goes on from where the one before has ended.
describe('a challenge', () => {
  let ann: string;
  let bob: string;
  let eve: string;

  it('shows how far somebody has come, and is finished once, with its reward', async () => {
    ann = await addPerson(service, 'ann@challenge.test', { team: 'Red', department: 'Sales' });
    bob = await addPerson(service, 'bob@challenge.test', { team: 'Red', department: 'Sales' });
    eve = await addPerson(service, 'eve@challenge.test', { team: 'Blue', department: 'HR' });
    await tidy(ann, '2026-03-02T07:00:00Z', 7);
    await until('seven are counted', async () => (await get(`mine/people/${ann}`)).value === 7);
    expect(await get(`mine/people/${ann}`)).toMatchObject({ target: 10, finishedAt: null });
    await Promise.all([tidy(ann, '2026-03-02T07:10:00Z', 2), tidy(ann, '2026-03-02T07:20:00Z', 2)]);
    await until('it is rewarded', async () => (await rewards(ann, 'mine')).length > 0);
    await tidy(ann, '2026-03-02T07:30:00Z', 5);
    await until('all are counted', async () => (await get(`mine/people/${ann}`)).value === 16);
    expect((await finishesOf('mine', '2026-03')).map(({ data }) => data)).toMatchObject([
      { personId: ann, kind: 'personal', target: 10, value: 11 },
    ]);
    expect(await rewards(ann, 'mine')).toEqual([
      { points: 50, reason: 'The challenge "Ten desks" is done: 50 points.' },
    ]);
    const badges = await service.query(
      `SELECT period_key FROM badge_awards WHERE person_id = $1 AND cause = $2`,
      [ann, 'challenge mine'],
    );
    // A weekly badge is that of the week it was finished in.
    expect(badges).toEqual([{ period_key: '2026-W10' }]);
    expect(await get('mine')).toMatchObject({ finished: 1, periodKey: '2026-03' });
  });

  it('of teams rewards who had a part in it, and nobody else', async () => {
    // The sixteen of Ann have done it already.
    await until('the team is rewarded', async () => (await rewards(ann, 'team')).length > 0);
    expect(await rewards(bob, 'team')).toEqual([]);
    expect(await get(`team/people/${bob}`)).toMatchObject({ value: 16, target: 12 });
    expect(await get('team')).toMatchObject({ finished: 1, teams: [{ team: 'Red', value: 16 }] });
    expect((await finishesOf('team', '2026-03-02..2026-03-08')).map(({ data }) => data['team'])).toEqual([
      'Red',
    ]);
  });

  it('of everybody counts its audience only', async () => {
    await tidy(eve, '2026-03-02T07:00:00Z', 40);
    await tidy(bob, '2026-03-02T07:00:00Z', 1);
    // Ann has 32 points of desks, 50 of one challenge and 7 of another; Bob has 2: nine are missing.
    await until('everything is counted', async () => (await get('all')).value === 91);
    expect(await finishesOf('all', '2026-W10')).toEqual([]);
    await tidy(bob, '2026-03-02T07:05:00Z', 5);
    await until('everybody is rewarded', async () => (await rewards(bob, 'all')).length > 0);
    expect([await rewards(ann, 'all'), await rewards(eve, 'all')].map(({ length }) => length)).toEqual([
      1, 0,
    ]);
  });

  it('counts what comes late within the grace, and nothing after it', async () => {
    await moveTo('2026-03-09T10:00:00Z');
    await tidy(eve, '2026-03-08T20:00:00Z', 3);
    await until('the late ones are counted', async () => (await get(`team/people/${eve}`)).value === 43);
    await moveTo('2026-03-09T11:00:00Z');
    await tidy(eve, '2026-03-08T21:00:00Z', 3);
    await tidy(eve, '2026-03-09T10:30:00Z', 1);
    await until('this month moves on', async () => (await get(`mine/people/${eve}`)).value === 47);
    expect(await get(`team/people/${eve}`)).toMatchObject({ value: 43 });
  });

  it('goes down with what is taken back, and stays finished', async () => {
    const before = (await get('all?period=2026-W10')).value;
    await service.query(
      `INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
       SELECT gen_random_uuid(), person_id, 'reverse', -points, rule, rule_version, id, 'a test', '2026-03-09T10:00Z', posted_at
       FROM ledger WHERE person_id = $1 AND rule = 'tidy' LIMIT 1`,
      [bob],
    );
    await until('it is taken in', async () => (await get('all')).value === -2);
    expect(await get('all?period=2026-W10')).toMatchObject({ value: before, finished: 1 });
  });

  it('pays many who finish together together, and gives a badge that is had once once', async () => {
    const many = await Promise.all(
      Array.from({ length: 40 }, (_, n) => addPerson(service, `many${n}@challenge.test`)),
    );
    const payments = () =>
      service.query<{ transaction: string }>(
        `SELECT xmin::text AS transaction FROM challenge_finishes
         WHERE challenge = 'ever' AND subject = ANY($1) AND paid_at IS NOT NULL`,
        [many],
      );
    const finish = async (occurredAt: string): Promise<void> => {
      const before = (await payments()).length;
      const desks = Array(10)
        .fill(null)
        .flatMap(() => many);
      const { status } = await service.call(
        'POST',
        '/engagement/activities',
        desks.map((personId) => ({ type: 'desk.tidied', personId, occurredAt })),
      );
      expect(status).toBeLessThan(300);
      await until('all are paid', async () => (await payments()).length === before + 40);
    };
    await finish('2026-03-09T09:00:00Z');
    expect(new Set((await payments()).map(({ transaction }) => transaction)).size).toBeLessThan(10);
    await moveTo('2026-04-01T08:00:00Z');
    await finish('2026-04-01T07:00:00Z');
    const badges = await service.query<{ badge: string; period_key: string }>(
      `SELECT badge, period_key FROM badge_awards WHERE person_id = $1 AND cause = 'challenge ever'`,
      [many[0]],
    );
    expect(badges).toEqual([{ badge: 'tidy-one', period_key: 'all' }]);
  });
});
