import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson, programmeWith, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import type { NewActivity } from '../activities/activities.service.js';

const folder = programmeWith({});
appendFileSync(
  join(folder, 'fair-play.yaml'),
  `
- id: visit-after-share
  name: A visit within seconds of the share is most likely the sharer's own
  when: link.clicked
  after: content.shared
  same: [object]
  within: 20s
`,
);
let service: TestService;
useEngagement((stage) => ({ service } = stage), { env: { PROGRAMME_DIR: folder } });

const did = (type: string, personId: string, at: string, more: Partial<NewActivity> = {}): NewActivity => ({
  id: newId(),
  type,
  personId,
  objectId: null,
  occurredAt: Date.parse(at),
  data: {},
  ...more,
});
const record = (...activities: NewActivity[]): Promise<void> =>
  service.app
    .get(DataSource)
    .transaction((manager) =>
      service.app.get(ActivitiesService, { strict: false }).recordTold(manager, activities),
    );
const person = (): Promise<string> => addPerson(service, `${newId()}@fair.test`);
const balance = async (id: string): Promise<number> =>
  (await service.call('GET', `/engagement/people/${id}/points`)).body.balance;
const holds = async (id: string, state?: string) =>
  (await service.call('GET', `/engagement/holds?personId=${id}${state ? `&state=${state}` : ''}`)).body;
const act = (hold: string, what: string, reason: string) =>
  service.call('POST', `/engagement/holds/${hold}/${what}`, { reason });
const told = async (type: string, id: string): Promise<number> =>
  (
    await service.query(`SELECT FROM outbox WHERE subject = $1 AND envelope LIKE $2`, [
      `laurel.evt.${type}`,
      `%${id}%`,
    ])
  ).length;

const share = (id: string, at: string, more: Partial<NewActivity> = {}): NewActivity =>
  did('content.shared', id, at, { data: { network: 'x', postId: newId() }, objectId: newId(), ...more });
/** Somebody whose fifth share within a minute is held. */
async function burst(): Promise<{ ann: string; held: { id: string } }> {
  const ann = await person();
  const at = (second: number): string => `2026-02-20T10:00:0${second}Z`;
  await record(...[1, 2, 3, 4, 5].map((second) => share(ann, at(second))));
  return { ann, held: (await holds(ann))[0] };
}

describe('what looks too good', () => {
  it('is held with the reason from the one too many on, also across batches', async () => {
    const ann = await person();
    const at = (second: number): string => `2026-02-10T10:00:0${second}Z`;
    await record(...[1, 2, 3].map((second) => share(ann, at(second))));
    await record(share(ann, at(5)), share(ann, at(4)));
    expect(await balance(ann)).toBe(8);
    expect(await holds(ann)).toMatchObject([
      { state: 'held', points: 2, check: 'share-burst', reason: 'More than four shares within a minute' },
    ]);
    expect(await told('points.held', ann)).toBe(1);
  });

  it('is held also when the newest is told first, one by one', async () => {
    const ann = await person();
    for (const second of [5, 4, 3, 2, 1]) await record(share(ann, `2026-02-10T12:00:0${second}Z`));
    expect(await balance(ann)).toBe(8);
    expect(await holds(ann)).toMatchObject([{ check: 'share-burst' }]);
  });

  it.each([
    ['is held when the one in the middle is told last', [0, 10, 50, 45, 30], 1],
    [
      'is not held when they lie too far apart, though all are near the one in the middle',
      [0, 5, 80, 85, 42],
      0,
    ],
  ])('%s', async (_what, seconds, held) => {
    const ann = await person();
    const start = Date.parse('2026-02-09T12:00:00Z');
    for (const second of seconds) await record(share(ann, new Date(start + second * 1000).toISOString()));
    expect(await holds(ann)).toHaveLength(held);
  });

  it('is the same thing again, and not another', async () => {
    const ann = await person();
    const data = { network: 'x', postId: newId() };
    await record(share(ann, '2026-02-11T10:00:00Z', { data }));
    await record(share(ann, '2026-02-11T12:00:00Z', { data: { ...data, network: 'linkedin' } }));
    await record(share(ann, '2026-02-11T14:00:00Z', { data }));
    await record(share(ann, '2026-02-13T14:00:00Z', { data }));
    expect((await holds(ann)).map(({ check }: { check: string }) => check)).toEqual(['same-share']);
    expect(await balance(ann)).toBe(6);
  });

  it('is a visit that follows the share within seconds', async () => {
    const ann = await person();
    const objectId = newId();
    const click = (at: string): NewActivity =>
      did('link.clicked', ann, at, { objectId, data: { credible: true, network: 'x' } });
    await record(share(ann, '2026-02-12T10:00:00Z', { objectId }));
    await record(click('2026-02-12T10:00:10Z'), click('2026-02-12T10:05:00Z'));
    expect(await holds(ann)).toMatchObject([{ check: 'visit-after-share', points: 10 }]);
    expect(await balance(ann)).toBe(12);
  });

  it('is thanks that go back and forth', async () => {
    const [ann, ben] = [await person(), await person()];
    const thank = (from: string, to: string, day: number): NewActivity =>
      did('thanks.given', from, `2026-02-1${day}T10:00:00Z`, { data: { toPersonId: to, text: 't' } });
    await record(thank(ann, ben.toUpperCase(), 1), thank(ann, ben, 2), thank(ann, ben, 3));
    await record(thank(ben, ann.toUpperCase(), 4));
    expect(await holds(ann)).toHaveLength(1);
    expect([await balance(ann), await balance(ben)]).toEqual([0, 9]);
  });

  it('is nothing that names no person', async () => {
    const ann = await person();
    await record(
      did('thanks.given', ann, '2026-02-14T10:00:00Z', { data: { toPersonId: 'ben', text: 't' } }),
    );
    expect(await holds(ann)).toEqual([]);
  });
});

describe('a review', () => {
  it('releases after an appeal, each stage noted and told', async () => {
    const { ann, held } = await burst();
    expect(await balance(ann)).toBe(8);
    expect((await act(held.id, 'appeal', 'I shared our launch from the stage')).body).toMatchObject({
      state: 'appealed',
      appeal: 'I shared our launch from the stage',
    });
    expect((await act(held.id, 'appeal', 'Again')).body.detail).toBe('This hold is appealed already.');
    expect(await holds(ann, 'appealed')).toHaveLength(1);
    expect((await act(held.id, 'release', 'True, it was the launch')).body.state).toBe('released');
    expect([
      await balance(ann),
      await told('points.appealed', ann),
      await told('points.released', ann),
    ]).toEqual([10, 1, 1]);
    const audit = await service.call(
      'GET',
      `/engagement/audit?what=${encodeURIComponent(`hold ${held.id}`)}`,
    );
    expect(audit.body.map(({ action }: { action: string }) => action)).toEqual(['release', 'appeal']);
  });

  it('takes back for good; an appeal then comes too late', async () => {
    const { ann, held } = await burst();
    expect((await act(held.id, 'reverse', 'A script did it')).body.state).toBe('reversed');
    expect([await balance(ann), await told('points.reversed', ann)]).toEqual([8, 1]);
    expect((await act(held.id, 'appeal', 'No')).status).toBe(409);
  });
});
