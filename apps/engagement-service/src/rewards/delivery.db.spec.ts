import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callSecret, newId, wrongWebhook } from '#libs/platform';
import { addPerson, startEngagement } from '../../../../test/support/engagement.js';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour, until } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';
import { programmeOf } from '../boards/boards.support.js';

let service: TestService;
let neighbour: Neighbour;
let nats: Awaited<ReturnType<typeof startTestNats>>;
let shop: Server;
let origin: string;
let answer = 200;
/** The shop answers when this is done. */
let opens: Promise<void> = Promise.resolve();
const calls: { headers: IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
  shop = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      void opens.then(() => response.writeHead(answer).end());
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(shop.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  const PROGRAMME_DIR = programmeOf({
    'rewards.yaml': `
- { id: mug, name: A mug, description: For tea., price: 20, stock: 5 }
- { id: voucher, name: A voucher, description: For books., kind: voucher, price: 10, webhook: '${origin}/laurel' }
- { id: talk, name: A talk, description: Held by you., kind: learning, price: 10 }
`,
    'reward-budgets.yaml': `
- { id: talks, points: 50, per: month, rewards: [talk] }
- { id: vouchers, points: 40, per: month, each: department, rewards: [voucher] }
`,
  });
  nats = await startTestNats();
  service = await startEngagement(nats.url, { env: { PROGRAMME_DIR, ENGAGEMENT_ALLOW_HOSTS: host } });
  neighbour = await startNeighbour(nats.url);
});
afterAll(async () => {
  await neighbour.stop();
  await service.stop();
  await nats.stop();
  shop.close();
});

let numbers = 0;
async function rich(points: number, department = 'Sales'): Promise<string> {
  const personId = await addPerson(service, `rich${numbers++}@rewards.test`, { department });
  const activities = Array.from({ length: points / 2 }, () => ({
    type: 'desk.tidied',
    personId,
    occurredAt: '2026-03-02T07:00:00Z',
  }));
  await service.call('POST', '/engagement/activities', activities);
  return personId;
}
const claim = (reward: string, personId: string) =>
  service.call('POST', `/engagement/rewards/${reward}/claims`, { personId, id: newId() });
const statesOf = async (personId: string) =>
  (await service.call('GET', `/engagement/reward-claims?personId=${personId}`)).body;
const count = (list: { status: number }[], status: number) =>
  list.filter((one) => one.status === status).length;
const codes = (list: { body: { code?: string } }[]) => new Set(list.flatMap(({ body }) => body.code ?? []));

describe('claims that meet', () => {
  it('never take more than there is, nor more than somebody has', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => rich(40)));
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => claim('mug', people[n % 10]!)));
    expect([count(answers, 201), count(answers, 409)]).toEqual([5, 55]);
    const [{ spent, lowest }] = (await service.query<{ spent: number; lowest: number }>(
      `SELECT (SELECT sum(points)::int FROM ledger WHERE kind = 'spend') AS spent, min(balance)::int AS lowest FROM balances`,
    )) as [{ spent: number; lowest: number }];
    expect([spent, lowest >= 0]).toEqual([-100, true]);
  });

  it('never go over a budget, which what is declined gives back', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => rich(20)));
    const answers = await Promise.all(people.flatMap((who) => [claim('talk', who), claim('talk', who)]));
    expect([count(answers, 201), count(answers, 409)]).toEqual([5, 11]);
    expect(codes(answers)).toEqual(new Set(['budget_spent']));
    const one = answers.find(({ status }) => status === 201)!.body.id;
    await service.call('POST', `/engagement/reward-claims/${one}/reject`, { reason: 'a test' });
    const again = await Promise.all(people.map((who) => claim('talk', who)));
    expect(count(again, 201)).toBe(1);
  });
});

describe('a reward another system hands over', () => {
  it('is called for, signed, when it is approved, and is handed over with the answer', async () => {
    const who = await rich(40, 'Legal');
    const { id } = (await claim('voucher', who)).body;
    expect(calls).toHaveLength(0);
    await service.call('POST', `/engagement/reward-claims/${id}/approve`);
    await until('it is handed over', async () => (await statesOf(who))[0].state === 'fulfilled');
    expect(calls).toHaveLength(1);
    const { headers, body } = calls[0]!;
    expect(headers['webhook-id']).toBe(id);
    const secret = callSecret('a secret that only tests use, and nobody else', origin);
    expect(
      wrongWebhook(secret, headers, body, new Date(Number(headers['webhook-timestamp']) * 1000)),
    ).toBeNull();
    expect(JSON.parse(body)).toMatchObject({
      type: 'reward.approved',
      data: { claimId: id, personId: who, reward: 'voucher', price: 10 },
    });
  });

  it('is tried again, and left to a person after the last time', async () => {
    answer = 503;
    const who = await rich(40, 'Design');
    const { id } = (await claim('voucher', who)).body;
    await service.call('POST', `/engagement/reward-claims/${id}/approve`);
    await until('it has been tried', async () => (await statesOf(who))[0].delivery?.attempts === 1);
    expect((await statesOf(who))[0]).toMatchObject({
      state: 'approved',
      delivery: { state: 'open', error: 'it was answered with 503' },
    });
    for (const time of ['02T08:02', '02T08:10', '02T08:45', '02T11:00', '03T00:00'])
      await service.moveTo(`2026-03-${time}:00Z`);
    expect((await statesOf(who))[0]).toMatchObject({
      state: 'approved',
      delivery: { state: 'failed', attempts: 6 },
    });
    expect((await service.call('POST', `/engagement/reward-claims/${id}/fulfil`)).body.state).toBe(
      'fulfilled',
    );
    answer = 200;
  });

  it('is not given back while the shop is asked for it, so that nobody has both', async () => {
    const who = await rich(40, 'Finance');
    const { id } = (await claim('voucher', who)).body;
    const reject = () => service.call('POST', `/engagement/reward-claims/${id}/reject`, { reason: 'a test' });
    const before = calls.length;
    let open = (): void => undefined;
    opens = new Promise((resolve) => (open = resolve));
    await service.call('POST', `/engagement/reward-claims/${id}/approve`);
    await until('the shop is asked', async () => calls.length > before);
    expect((await reject()).body).toMatchObject({ status: 409, code: 'claim_underway' });
    open();
    await until('it is handed over', async () => (await statesOf(who))[0].state === 'fulfilled');
    expect((await statesOf(who))[0].delivery).toMatchObject({ state: 'done' });
    expect((await reject()).body).toMatchObject({ status: 409, code: 'claim_settled' });
  });

  it.each([
    ['reject', '2026-03-04'],
    ['fulfil', '2026-03-05'],
  ])('is asked for no more after a person has said %s', async (how, later) => {
    answer = 503;
    const who = await rich(40, `Kitchen ${how}`);
    const { id } = (await claim('voucher', who)).body;
    await service.call('POST', `/engagement/reward-claims/${id}/approve`);
    await until('it has been tried', async () => (await statesOf(who))[0].delivery?.attempts === 1);
    const body = how === 'reject' ? { reason: 'a test' } : undefined;
    expect((await service.call('POST', `/engagement/reward-claims/${id}/${how}`, body)).status).toBe(200);
    answer = 200;
    const before = calls.length;
    await service.moveTo(`${later}T08:00:00Z`);
    expect(calls).toHaveLength(before);
    expect((await statesOf(who))[0].delivery).toMatchObject({ state: 'cancelled', attempts: 1 });
  });

  it('has a budget of its own in each department', async () => {
    const [a, b] = [await rich(80, 'North'), await rich(80, 'South')];
    const answers = await Promise.all([a, a, a, a, a, b].map((who) => claim('voucher', who)));
    expect(count(answers, 201)).toBe(5);
  });
});

describe('a wish', () => {
  it('is told of once, when there are points enough', async () => {
    const who = await rich(10);
    const wishes = (method: string, reward = '') =>
      service.call(method, `/engagement/people/${who}/wishes${reward && `/${reward}`}`);
    expect((await wishes('PUT', 'mug')).body).toMatchObject([{ reward: 'mug', price: 20, missing: 10 }]);
    expect((await wishes('PUT', 'yacht')).status).toBe(404);
    const told = () =>
      service.query(
        `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE envelope::jsonb->>'type' = 'wish.reachable'
           AND envelope::jsonb->'data'->>'personId' = $1`,
        [who],
      );
    expect(await told()).toEqual([]);
    await service.call(
      'POST',
      '/engagement/activities',
      Array.from({ length: 7 }, () => ({ type: 'desk.tidied', personId: who })),
    );
    await until('it is told', async () => (await told()).length > 0);
    expect(await told()).toMatchObject([{ data: { reward: 'mug', rewardName: 'A mug', balance: 24 } }]);
    await wishes('PUT', 'mug');
    await service.quiet();
    expect(await told()).toHaveLength(1);
    expect((await wishes('DELETE', 'mug')).body).toEqual([]);
  });
});
