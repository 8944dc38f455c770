import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

const folder = programmeWith({});
const settings = readFileSync(join(folder, 'programme.yaml'), 'utf8');
writeFileSync(join(folder, 'programme.yaml'), `${settings}\npoints: { expire_after: 3mo }\n`);

let service: TestService;
useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });

const train = (personId: string, occurredAt: string) =>
  service.call('POST', '/engagement/activities', { type: 'training.attended', personId, occurredAt });
const points = async (id: string) => (await service.call('GET', `/engagement/people/${id}/points`)).body;
const expired = (id: string): Promise<{ points: number; reason: string }[]> =>
  service.query(
    `SELECT points, reason FROM ledger WHERE person_id = $1 AND kind = 'expire' ORDER BY occurred_at`,
    [id],
  );

describe('points that keep three months', () => {
  it('are gone when they were not spent, the oldest first, once, and take nobody off a board or a level', async () => {
    const [saver, spender] = await Promise.all(
      ['saver', 'spender'].map((name) => addPerson(service, `${name}@expiry.test`)),
    );
    for (const id of [saver!, spender!])
      for (const day of ['2026-01-10', '2026-02-20']) await train(id, `${day}T09:00:00Z`);
    // Spending takes from the oldest points: what is spent cannot expire.
    await service.query(
      `INSERT INTO ledger SELECT gen_random_uuid(), $1, 'spend', -30, 'reward:book', 1, gen_random_uuid(), 'A book', '2026-03-01', '2026-03-01'`,
      [spender],
    );
    await service.query(`UPDATE balances SET balance = balance - 30 WHERE person_id = $1`, [spender]);
    await service.moveTo('2026-04-12T12:00:00Z');
    expect([await expired(saver!), await expired(spender!)]).toEqual([
      [{ points: -50, reason: 'Earned before 2026-01-12 and not spent.' }],
      [{ points: -20, reason: 'Earned before 2026-01-12 and not spent.' }],
    ]);
    expect(await points(saver!)).toMatchObject({ balance: 50, lifetime: 100 });
    await service.moveTo('2026-06-30T12:00:00Z');
    expect([await points(saver!), await points(spender!)]).toMatchObject([
      { balance: 0, lifetime: 100 },
      { balance: 0, lifetime: 100 },
    ]);
    expect((await expired(saver!)).map((entry) => entry.points)).toEqual([-50, -50]);
    const { body } = await service.call('POST', '/engagement/points/verifications');
    await service.quiet();
    const check = await service.call('GET', `/engagement/points/verifications/${body.id}`);
    expect(check.body).toMatchObject({ state: 'done', differences: 0 });
  });

  it('expire once, however many nights pass', async () => {
    const ann = await addPerson(service, `${newId()}@expiry.test`);
    await train(ann, '2026-06-01T09:00:00Z');
    await service.moveTo('2026-12-01T12:00:00Z');
    expect(await points(ann)).toMatchObject({ balance: 0, lifetime: 50 });
    await service.moveTo('2026-12-05T12:00:00Z');
    expect(await expired(ann)).toHaveLength(1);
  });

  it('can be spent anew for a month when a claim is declined, however old they are', async () => {
    const ann = await addPerson(service, `${newId()}@expiry.test`);
    for (const day of ['10-01', '10-02', '11-01']) await train(ann, `2026-${day}T09:00:00Z`);
    const { body } = await service.call('POST', '/engagement/rewards/coffee/claims', { personId: ann });
    await service.moveTo('2027-02-05T12:00:00Z');
    await service.call('POST', `/engagement/reward-claims/${body.id}/reject`, { reason: 'Sold out' });
    await service.moveTo('2027-03-07T01:00:00Z');
    expect([await expired(ann), (await points(ann)).balance]).toEqual([[], 150]);
    await service.moveTo('2027-03-08T12:00:00Z');
    expect([(await expired(ann)).map((entry) => entry.points), (await points(ann)).balance]).toEqual([
      [-150],
      0,
    ]);
  });
});
