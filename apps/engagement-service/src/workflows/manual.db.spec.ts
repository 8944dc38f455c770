import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson } from '../../../../test/support/engagement.js';
import type { Answer } from '../../../../test/support/service.js';
import { Engine } from './engine.support.js';

const engine = new Engine([
  `id: by-hand
name: By hand
inputs:
  points: { label: Points, type: number, default: 5 }
  after: { label: After, type: duration, default: 1d }
on: { manual: true }
steps:
  - { id: gift, award: { points: inputs.points } }
  - { id: rest, wait: { for: $after } }
`,
]);
beforeAll(() => engine.start());
afterAll(() => engine.stop());

const start = (body: object): Promise<Answer> =>
  engine.service.call('POST', '/engagement/workflows/by-hand/start', body);
const balance = async (personId: string): Promise<number> =>
  (await engine.service.call('GET', `/engagement/people/${personId}/points`)).body.balance;

describe('a start by hand', () => {
  it('uses what is set, and once for the same start told twice', async () => {
    const personId = await addPerson(engine.service, 'one@hand.test');
    const id = newId();
    for (let times = 0; times < 2; times++) expect((await start({ personId, id })).status).toBe(202);
    await engine.quiet();
    expect(await balance(personId)).toBe(5);
  });

  it('with values of its own is a run of a version that has them, and changes nothing for others', async () => {
    const personId = await addPerson(engine.service, 'two@hand.test');
    await start({ personId, values: { points: 20, after: '3d' } });
    await start({ personId, values: { points: 20, after: '3d' } });
    await start({ personId });
    await engine.quiet();
    expect(await balance(personId)).toBe(45);
    const runs = (await engine.service.call('GET', `/engagement/runs?workflow=by-hand&personId=${personId}`))
      .body;
    expect(
      runs.map(({ version }: { version: number }) => version).toSorted((a: number, b: number) => a - b),
    ).toEqual([1, 2, 2]);
    expect(runs.map(({ dueAt }: { dueAt: string }) => dueAt.slice(0, 10)).toSorted()).toEqual([
      '2026-03-03',
      '2026-03-05',
      '2026-03-05',
    ]);
  });

  it('with a value that does not fit is refused with the field, and starts nothing', async () => {
    const personId = await addPerson(engine.service, 'three@hand.test');
    const { status, body } = await start({ personId, values: { points: 'many' } });
    expect([status, body.code, body.errors[0].path]).toEqual([422, 'values_wrong', 'values.points']);
    expect(await balance(personId)).toBe(0);
  });

  it('is noted with who did it', async () => {
    const lines = (await engine.service.call('GET', '/engagement/audit?what=workflow%20by-hand')).body;
    expect(lines[0]).toMatchObject({ action: 'start', after: { version: expect.any(Number) } });
  });
});
