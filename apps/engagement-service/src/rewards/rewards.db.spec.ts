import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Answer, TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

/** Somebody with so many trainings behind them, at 50 points each. */
async function withTrainings(email: string, count: number): Promise<string> {
  const personId = await addPerson(service, email);
  const attended = Array.from({ length: count }, (_, month) => ({
    type: 'training.attended',
    personId,
    // The rule counts two a month.
    occurredAt: new Date(Date.UTC(2025, Math.floor(month / 2), 10)).toISOString(),
  }));
  const { status } = await service.call('POST', '/engagement/activities', attended);
  expect(status).toBeLessThan(300);
  return personId;
}

const claim = (reward: string, personId: string, id = newId()): Promise<Answer> =>
  service.call('POST', `/engagement/rewards/${reward}/claims`, { personId, id });
const settle = (id: string, how: string, body?: object): Promise<Answer> =>
  service.call('POST', `/engagement/reward-claims/${id}/${how}`, body);
const balance = async (personId: string): Promise<number> =>
  (await service.call('GET', `/engagement/people/${personId}/points`)).body.balance;
const told = async (type: string): Promise<number> =>
  (await service.query(`SELECT FROM outbox WHERE subject = $1`, [`laurel.evt.${type}`])).length;

describe('a reward', () => {
  it('takes its price when it is claimed and is told at each stage', async () => {
    const person = await withTrainings('stages@rewards.test', 6);
    const { body, status } = await claim('book', person);
    expect([status, body.state, await balance(person)]).toEqual([201, 'claimed', 100]);
    expect((await settle(body.id, 'approve')).body.state).toBe('approved');
    expect((await settle(body.id, 'fulfil')).body.state).toBe('fulfilled');
    expect(await balance(person)).toBe(100);
    const audit = await service.call('GET', `/engagement/audit?what=reward%20claim%20${body.id}`);
    expect(audit.body).toMatchObject([
      { action: 'fulfil', before: { state: 'approved' }, after: { state: 'fulfilled' } },
      { action: 'approve', before: { state: 'claimed' }, after: { state: 'approved' } },
    ]);
    expect(await Promise.all(['claimed', 'approved', 'fulfilled'].map((s) => told(`reward.${s}`)))).toEqual([
      1, 1, 1,
    ]);
  });

  it('gives the price back when it is declined, once', async () => {
    const person = await withTrainings('declined@rewards.test', 4);
    const { body } = await claim('book', person);
    expect((await settle(body.id, 'reject', { reason: 'sold out at the shop' })).body.state).toBe('rejected');
    const again = await settle(body.id, 'reject', { reason: 'twice' });
    expect([again.status, again.body.code]).toEqual([409, 'claim_settled']);
    expect(await balance(person)).toBe(200);
  });

  it('is claimed once, however often the same claim is told', async () => {
    const person = await withTrainings('same@rewards.test', 8);
    const id = newId();
    await Promise.all([claim('coffee', person, id), claim('coffee', person, id)]);
    expect((await claim('coffee', person, id)).body.id).toBe(id);
    expect(await balance(person)).toBe(250);
  });

  it('is claimed in whatever case its ids are written, and never under an id somebody else has used', async () => {
    const [one, other] = [
      await withTrainings('one@rewards.test', 8),
      await withTrainings('other@rewards.test', 8),
    ];
    const id = newId();
    const first = await claim('coffee', one.toUpperCase(), id.toUpperCase());
    expect(first.body).toMatchObject({ id, personId: one });
    expect((await claim('coffee', one, id)).body).toMatchObject(first.body);
    for (const answer of [await claim('coffee', other, id), await claim('book', one, id)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'claim_differs' } });
    expect([await balance(one), await balance(other)]).toEqual([250, 400]);
  });

  it('never spends points twice, also when claims meet', async () => {
    const person = await withTrainings('meet@rewards.test', 6);
    const answers = await Promise.all(Array.from({ length: 6 }, () => claim('coffee', person)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 409, 409, 409, 409,
    ]);
    expect(await balance(person)).toBe(0);
    expect(answers.find(({ status }) => status === 409)!.body.detail).toContain(
      'costs 150 points; there are 0',
    );
  });

  it('keeps to its limit per person', async () => {
    const person = await withTrainings('limit@rewards.test', 24);
    for (let times = 0; times < 4; times++) expect((await claim('coffee', person)).status).toBe(201);
    expect((await claim('coffee', person)).body.code).toBe('reward_limit');
  });

  it('costs points, but no place on a board', async () => {
    const person = await withTrainings('place@rewards.test', 4);
    await service.call('POST', '/engagement/activities', { type: 'training.attended', personId: person });
    const score = async (): Promise<number> =>
      (await service.call('GET', '/engagement/boards/weekly-company?limit=1000')).body.places.find(
        ({ personId }: { personId: string }) => personId === person,
      )?.score;
    const before = await score();
    const { body } = await claim('coffee', person);
    const after = await score();
    await settle(body.id, 'reject', { reason: 'a test' });
    expect([before, after, await score()]).toEqual([50, 50, 50]);
  });

  it('that nobody offers, or for somebody unknown, is refused', async () => {
    const person = await addPerson(service, 'unknown@rewards.test');
    expect((await claim('yacht', person)).status).toBe(404);
    expect((await claim('book', newId())).status).toBe(422);
    expect((await settle(newId(), 'approve')).status).toBe(404);
  });
});
