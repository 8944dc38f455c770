import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { Answer, TestService } from '../../../../test/support/service.js';

let service: TestService;
useEngagement((stage) => ({ service } = stage));

const person = (): Promise<string> => addPerson(service, `${newId()}@ledger.test`);
const train = (personId: string): Promise<Answer> =>
  service.call('POST', '/engagement/activities', { type: 'training.attended', personId });
const points = async (id: string) => (await service.call('GET', `/engagement/people/${id}/points`)).body;
const told = (type: string, id: string): Promise<object[]> =>
  service.query(`SELECT FROM outbox WHERE subject = $1 AND envelope LIKE $2`, [
    `laurel.evt.${type}`,
    `%${id}%`,
  ]);
/** Orders work on the ledger and waits for its end. */
async function done(path: string) {
  const { status, body } = await service.call('POST', path);
  expect(status).toBe(202);
  await service.quiet();
  return (await service.call('GET', `/engagement/points/verifications/${body.id}`)).body;
}

describe('an adjustment by hand', () => {
  it('is an entry with its reason, posted once for its id, noted and told', async () => {
    const ann = await person();
    const ask = { id: newId(), points: 30, reason: 'Helped at the fair' };
    const path = `/engagement/people/${ann}/adjustments`;
    const answers = await Promise.all([1, 2, 3].map(() => service.call('POST', path, ask)));
    expect(answers.map(({ status, body }) => `${status} ${body.balance}`)).toEqual(Array(3).fill('201 30'));
    const taken = await service.call('POST', path, { points: -10, reason: 'Counted twice' });
    expect(taken.body).toMatchObject({ points: -10, balance: 20 });
    expect(await points(ann)).toMatchObject({ balance: 20, lifetime: 20 });
    expect(await told('points.adjusted', ann)).toHaveLength(2);
    const audit = (await service.call('GET', `/engagement/audit?what=${encodeURIComponent(`points ${ann}`)}`))
      .body;
    expect(audit.map(({ action }: { action: string }) => action)).toEqual(['adjust', 'adjust']);
  });

  it('is the same in whatever case its id and its person are written', async () => {
    const ann = await person();
    const ask = { id: newId().toUpperCase(), points: 30, reason: 'Helped at the fair' };
    const path = `/engagement/people/${ann.toUpperCase()}/adjustments`;
    expect((await service.call('POST', path, ask)).body).toMatchObject({
      entryId: ask.id.toLowerCase(),
      personId: ann,
      balance: 30,
    });
    expect((await service.call('POST', path, { ...ask, id: ask.id.toLowerCase() })).body.balance).toBe(30);
    expect(await told('points.adjusted', ann)).toHaveLength(1);
    const { body } = await service.call(
      'GET',
      `/engagement/audit?what=${encodeURIComponent(`points ${ann}`)}`,
    );
    expect(body).toHaveLength(1);
  });

  it('is refused for nobody, for nothing, without a reason, and when the id is taken', async () => {
    const [ann, ben] = [await person(), await person()];
    const adjust = async (id: string, body: object): Promise<[number, string]> => {
      const answer = await service.call('POST', `/engagement/people/${id}/adjustments`, body);
      return [answer.status, answer.body.code];
    };
    const good = { id: newId(), points: 5, reason: 'A good idea' };
    expect(await adjust(newId(), good)).toEqual([404, 'person_unknown']);
    expect((await adjust(ann, { ...good, points: 0 }))[0]).toBe(400);
    expect((await adjust(ann, { ...good, reason: ' ' }))[0]).toBe(400);
    await adjust(ann, good);
    expect(await adjust(ben, good)).toEqual([409, 'adjustment_differs']);
  });
});

describe('the ledger', () => {
  it.each(['UPDATE ledger SET points = points + 1', 'DELETE FROM ledger', 'TRUNCATE ledger CASCADE'])(
    'only grows: %s is refused by the database',
    async (statement) => {
      await train(await person());
      await expect(service.query(statement)).rejects.toThrow('the ledger only grows');
    },
  );

  it('knows no kinds but its own', async () => {
    const statement = `INSERT INTO ledger SELECT gen_random_uuid(), person_id, 'gift', 1, 'x', 1, gen_random_uuid(), 'x', now(), now() FROM ledger LIMIT 1`;
    await train(await person());
    await expect(service.query(statement)).rejects.toThrow('ledger_kinds');
  });
});

describe('the check of the ledger', () => {
  it('finds nothing while balances are what the entries add up to', async () => {
    await train(await person());
    const check = await done('/engagement/points/verifications');
    expect(check).toMatchObject({ job: 'verification', state: 'done', differences: 0, found: [] });
    expect(check.people).toBeGreaterThan(0);
  });

  it('raises the alarm when a balance was tampered with, and a rebuild mends it', async () => {
    const [ann, gone] = [await person(), await person()];
    await Promise.all([train(ann), train(gone)]);
    await service.query(`UPDATE balances SET balance = balance + 7 WHERE person_id = $1`, [ann]);
    await service.query(`DELETE FROM balances WHERE person_id = $1`, [gone]);
    const check = await done('/engagement/points/verifications');
    const found = [
      { personId: ann, what: 'balance', kept: 57, summed: 50 },
      { personId: gone, what: 'balance', kept: 0, summed: 50 },
      { personId: gone, what: 'lifetime', kept: 0, summed: 50 },
    ];
    expect(check).toMatchObject({ state: 'done', differences: 3 });
    expect(check.found).toEqual(expect.arrayContaining(found));
    expect(await told('ledger.difference', check.id)).toHaveLength(1);
    const metrics = await service.call('GET', '/metrics');
    expect(metrics.text).toMatch(/laurel_ledger_differences_total\{what="balance"\} 2/);
    expect(await done('/engagement/points/rebuild')).toMatchObject({ job: 'rebuild', differences: 3 });
    expect([(await points(ann)).balance, (await points(gone)).balance]).toEqual([50, 50]);
    expect(await done('/engagement/points/verifications')).toMatchObject({ differences: 0 });
  });

  it('comes by itself every night, once', async () => {
    await service.moveTo('2026-03-05T12:00:00Z');
    const nights = async (): Promise<unknown> =>
      service.query(`SELECT night::text AS night, state FROM ledger_jobs WHERE night >= '2026-03-05'`);
    expect(await nights()).toEqual([{ night: '2026-03-05', state: 'done' }]);
    await service.moveTo('2026-03-05T23:00:00Z');
    expect(await nights()).toHaveLength(1);
  });
});
