import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import type { SimulationResult } from '#libs/workflow';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Answer, TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const ask = (body: object): Promise<Answer> => service.call('POST', '/engagement/simulations', body);

/** Simulates and returns what it came to. */
async function simulate(body: object): Promise<SimulationResult & { unplayed: string[] }> {
  const { status, text } = await ask(body);
  const last = JSON.parse(text.trim().split('\n').at(-1)!);
  expect([status, last.error]).toEqual([200, undefined]);
  return last.result;
}

const training = (personId: string, occurredAt: string) => ({
  type: 'training.attended',
  personId,
  occurredAt,
});
const counts = async (): Promise<Record<string, number>[]> =>
  service.query(
    `SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM intents) AS intents, (SELECT count(*) FROM outbox) AS outbox`,
  );

describe('a simulation', () => {
  it('of the invite reminders agrees with what they really did', async () => {
    const lead = await addPerson(service, 'lead@sim.test');
    const people = [lead];
    for (const name of ['ann', 'ben', 'cas', 'dee'])
      people.push(await addPerson(service, `${name}@sim.test`, { lead: 'lead@sim.test' }));
    await service.call('POST', '/engagement/invitations', { wave: 'one', personIds: people });
    await service.moveTo('2026-03-06T12:00:00Z');
    await service.query(`UPDATE invitations SET accepted_at = '2026-03-06T12:00:00Z' WHERE person_id = $1`, [
      people[1],
    ]);
    await service.moveTo('2026-03-25T12:00:00Z');
    const simulated = await simulate({
      workflow: 'invite-reminders',
      from: '2026-03-01',
      until: '2026-03-25T12:00:00Z',
    });
    const [real] = await service.query<{ mails: number; people: number }>(
      `SELECT count(*) AS mails, count(DISTINCT person_id) AS people FROM intents WHERE workflow_id = 'invite-reminders'
       AND kind = 'send' AND NOT (person_id = $1 AND at > '2026-03-06T12:00:00Z')`,
      [people[1]],
    );
    // The acceptance was put into the past by hand, so the real workflow went on for that one person and their lead.
    expect(simulated.mails).toBe(real!.mails - 1);
    expect(simulated.runs).toMatchObject({ started: 5, stopped: 1 });
    expect(simulated.steps['first_reminder']).toMatchObject({ sent: 5 });
  });

  it('writes nothing', async () => {
    const before = await counts();
    await simulate({ workflow: 'invite-reminders', from: '2026-03-01', until: '2026-03-25' });
    expect(await counts()).toEqual(before);
  });

  it('of a text that is not switched on counts points, badges, people, and tells why others got none', async () => {
    const [ann, ben] = [await addPerson(service, 'p1@sim.test'), await addPerson(service, 'p2@sim.test')];
    await service.call('POST', '/engagement/activities', [
      training(ann, '2026-02-02T09:00:00Z'),
      training(ann, '2026-02-03T09:00:00Z'),
      training(ben, '2026-02-04T09:00:00Z'),
    ]);
    const source = `id: trained
name: Two trainings in a month
on: { metric: trainings, reaches: 2, per: month }
steps:
  - { id: badge, award: { badge: ten-shares } }
  - { id: points, award: { points: 40 } }
  - id: mail
    if: person.metric("trainings", "this_month") > 5
    send: { template: badge-earned, data: { badge: '"ten-shares"' } }
`;
    const result = await simulate({ source, from: '2026-02-01', until: '2026-03-01' });
    expect(result).toMatchObject({
      runs: { started: 1, done: 1 },
      points: 40,
      badges: { 'ten-shares': 1 },
      people: 1,
      mails: 0,
      skipped: [{ reason: 'mail: does not hold: person.metric("trainings", "this_month") > 5', count: 1 }],
    });
    expect(result.examples).toMatchObject([
      { step: 'badge', what: 'ten-shares', personId: ann, at: '2026-02-03T09:00:00.000Z' },
      { step: 'points', what: '40 points' },
    ]);
  });

  it('counts what the running period held before the beginning', async () => {
    const person = await addPerson(service, 'p3@sim.test');
    await service.call('POST', '/engagement/activities', [
      training(person, '2026-01-05T09:00:00Z'),
      training(person, '2026-01-20T09:00:00Z'),
    ]);
    const source = (reaches: number): string =>
      `id: t\nname: T\non: { metric: trainings, reaches: ${reaches}, per: month }\nsteps:\n  - { id: points, award: { points: 1 } }\n`;
    const started = async (reaches: number): Promise<number> =>
      (await simulate({ source: source(reaches), from: '2026-01-10', until: '2026-02-01' })).runs.started;
    expect([await started(2), await started(1)]).toEqual([1, 0]);
  });

  it('weighs an audience by schedule and says which part of it people missed', async () => {
    const source = `id: weekly
name: Weekly
on: { schedule: "0 9 * * MON", zone: Europe/Rome }
audience: person.active && person.metric("trainings", "this_month") >= 2
steps:
  - { id: mail, send: { template: first-share-thanks } }
`;
    const result = await simulate({ source, from: '2026-02-01', until: '2026-02-15' });
    expect(result.mails).toBe(1);
    expect(result.mailsPerDay).toEqual({ '2026-02-09': 1 });
    expect(result.notReached[0]!.reason).toBe('does not hold: person.metric("trainings", "this_month") >= 2');
  });

  it('sees who begins to match a condition', async () => {
    const source = `id: eager
name: Eager
enabled: false
on: { enters: 'person.metric("trainings", "this_month") >= 2' }
steps:
  - { id: mail, send: { template: first-share-thanks } }
`;
    const result = await simulate({ source, from: '2026-02-01', until: '2026-02-15' });
    expect([result.mails, Object.keys(result.mailsPerDay)]).toEqual([1, ['2026-02-03']]);
  });

  it('of a schedule of every minute lets the service go on meanwhile', async () => {
    const source = `id: t\nname: T\non: { schedule: '* * * * *', zone: UTC }\nsteps:\n  - { id: s, set: { a: '1' } }\n`;
    let answered = 0;
    const simulating = simulate({ source, from: '2026-02-01', until: '2026-02-08' });
    const over = simulating.then(() => true);
    const alive = (): Promise<boolean> =>
      service.call('GET', '/health/live').then(({ status }) => status !== 200);
    while (!(await Promise.race([over, alive()]))) answered += 1;
    expect((await simulating).runs.started).toBe(7 * 24 * 60 - 1);
    expect(answered).toBeGreaterThan(3);
  });

  it('says of which events the past tells nothing', async () => {
    const source = `id: t\nname: T\non: { event: reward.claimed }\nsteps:\n  - { id: m, send: { template: first-share-thanks } }\n`;
    expect(await simulate({ source, from: '2026-02-01', until: '2026-02-02' })).toMatchObject({
      mails: 0,
      unplayed: ['reward.claimed'],
    });
  });

  it('of a wrong text, of an empty stretch and of an unknown workflow is refused', async () => {
    expect((await ask({ source: 'id: 7' })).body.code).toBe('workflow_wrong');
    expect(
      (await ask({ workflow: 'invite-reminders', from: '2026-03-02', until: '2026-03-01' })).status,
    ).toBe(422);
    expect((await ask({ workflow: newId() })).status).toBe(404);
    expect((await ask({})).status).toBe(400);
  });
});
