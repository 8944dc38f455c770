import { describe, expect, it } from '@jest/globals';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const attend = async (personId: string, times: number, month = 2): Promise<void> => {
  const activities = Array.from({ length: times }, (_, index) => ({
    type: 'training.attended',
    personId,
    occurredAt: `2026-0${month}-0${index + 1}T08:00:00Z`,
  }));
  const { status, text } = await service.call('POST', '/engagement/activities', activities);
  if (status !== 200) throw new Error(text);
};
const told = async (personId: string): Promise<{ level: string; highest: boolean }[]> => {
  const rows = await service.query<{ data: never }>(
    `SELECT envelope::jsonb->'data' AS data FROM outbox WHERE subject = 'laurel.evt.level.reached' AND envelope LIKE $1 ORDER BY seq`,
    [`%${personId}%`],
  );
  return rows.map(({ data }) => data);
};
const levelOf = async (personId: string) =>
  (await service.call('GET', `/engagement/people/${personId}/level`)).body;

describe('a level', () => {
  it('is reached by all points ever earned, and shows the way to the next', async () => {
    const person = await addPerson(service, 'way@levels.test');
    expect(await levelOf(person)).toMatchObject({
      level: { id: 'newcomer' },
      next: { id: 'voice', missing: 100 },
    });
    await attend(person, 1);
    expect(await levelOf(person)).toMatchObject({ lifetime: 50, next: { id: 'voice', missing: 50 } });
    await attend(person, 1, 1);
    expect(await levelOf(person)).toMatchObject({
      level: { id: 'voice', name: 'Voice' },
      reachedAt: '2026-01-01T08:00:00.000Z',
      next: { id: 'storyteller', missing: 400 },
    });
  });

  it('is told once for each person, and of several reached together which is the highest', async () => {
    const person = await addPerson(service, 'once@levels.test');
    await attend(person, 2);
    await attend(person, 1, 1);
    expect(await told(person)).toMatchObject([
      { level: 'newcomer', highest: false },
      { level: 'voice', highest: true },
    ]);
  });

  it('that was reached stays when points are taken back', async () => {
    const person = await addPerson(service, 'stays@levels.test');
    await attend(person, 2);
    await service.query(`UPDATE balances SET lifetime = 20 WHERE person_id = $1`, [person]);
    expect(await levelOf(person)).toMatchObject({ level: { id: 'voice' }, next: { missing: 480 } });
  });

  it('is known also to somebody with more points than a small integer holds, and so is the sum of all', async () => {
    const person = await addPerson(service, 'many@levels.test');
    await attend(person, 1);
    await service.query(`UPDATE balances SET lifetime = 5e9, balance = 5e9 WHERE person_id = $1`, [person]);
    expect(await levelOf(person)).toMatchObject({ lifetime: 5_000_000_000 });
    const { body } = await service.call('GET', '/engagement/points/summary');
    expect(body.balances).toBeGreaterThanOrEqual(5_000_000_000);
  });
});
