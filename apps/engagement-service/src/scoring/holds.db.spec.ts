import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { HoldsService } from './holds.service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

/** Somebody with one gain of 50 points; returns the person and the entry. */
async function gain(): Promise<{ person: string; entry: string }> {
  const person = await addPerson(service, `${newId()}@holds.test`);
  await service.call('POST', '/engagement/activities', { type: 'training.attended', personId: person });
  const [row] = await service.query<{ id: string }>(`SELECT id FROM ledger WHERE person_id = $1`, [person]);
  return { person, entry: row!.id };
}

const balance = async (person: string): Promise<number> =>
  (await service.call('GET', `/engagement/people/${person}/points`)).body.balance;
const kinds = async (person: string): Promise<string[]> => {
  const rows = await service.query<{ kind: string }>(
    `SELECT kind FROM ledger WHERE person_id = $1 ORDER BY posted_at, kind`,
    [person],
  );
  return rows.map(({ kind }) => kind);
};

async function inTransaction(
  work: (holds: HoldsService, manager: Parameters<HoldsService['hold']>[0]) => Promise<number>,
): Promise<number> {
  const holds = service.app.get(HoldsService, { strict: false });
  return service.app.get(DataSource).transaction((manager) => work(holds, manager));
}
const hold = (entry: string, key = newId()): Promise<number> =>
  inTransaction((holds, manager) => holds.hold(manager, key, [entry], 'sixty clicks in a minute'));

describe('points in doubt', () => {
  it('are set aside once, and given back with the reason', async () => {
    const { person, entry } = await gain();
    expect([await hold(entry), await hold(entry), await balance(person)]).toEqual([1, 0, 0]);
    const [held] = (await service.call('GET', `/engagement/holds?personId=${person}`)).body;
    expect(held).toMatchObject({ state: 'held', points: 50, reason: 'sixty clicks in a minute' });
    const released = await service.call('POST', `/engagement/holds/${held.id}/release`, {
      reason: 'a real crowd',
    });
    expect(released.body).toMatchObject({ state: 'released', settledReason: 'a real crowd' });
    expect(await balance(person)).toBe(50);
  });

  it('can be held again after a release', async () => {
    const { person, entry } = await gain();
    await hold(entry, 'first');
    await inTransaction((holds, manager) => holds.release(manager, { key: 'first' }, 'looked fine'));
    expect([await hold(entry, 'second'), await balance(person)]).toEqual([1, 0]);
  });

  it('are taken back for good, once, and every entry stays in the ledger', async () => {
    const { person, entry } = await gain();
    await hold(entry);
    const [held] = (await service.call('GET', `/engagement/holds?personId=${person}`)).body;
    await service.call('POST', `/engagement/holds/${held.id}/reverse`, { reason: 'a script' });
    const again = await service.call('POST', `/engagement/holds/${held.id}/release`, { reason: 'too late' });
    expect([again.status, again.body.code, await balance(person)]).toEqual([409, 'hold_settled', 0]);
    expect((await kinds(person)).toSorted()).toEqual(['earn', 'hold', 'release', 'reverse']);
    const audit = await service.call('GET', `/engagement/audit?what=hold%20${held.id}`);
    expect(audit.body).toMatchObject([
      { action: 'reverse', before: { state: 'held' }, after: { settledReason: 'a script' } },
    ]);
    expect([await hold(entry), await balance(person)]).toEqual([0, 0]);
  });

  it('are taken back without a hold as well, and only once when two do it together', async () => {
    const { person, entry } = await gain();
    const reverse = () => inTransaction((holds, manager) => holds.reverse(manager, [entry], 'a mistake'));
    await Promise.all([reverse(), reverse()]);
    expect([await balance(person), await kinds(person)]).toEqual([0, ['earn', 'reverse']]);
  });

  it('leave every balance the sum of its ledger', async () => {
    const rows = await service.query(
      `SELECT person_id FROM balances LEFT JOIN ledger USING (person_id) GROUP BY person_id, balance
       HAVING balance <> COALESCE(sum(points), 0)`,
    );
    expect(rows).toEqual([]);
  });
});
