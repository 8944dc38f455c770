import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson } from '../../../../test/support/engagement.js';
import { Engine, incoming } from './engine.support.js';

const of = (id: string, again: string): string => `
id: ${id}
name: Waits a day, then mails
on: { event: training.attended, key: event.objectId }
again: ${again}
steps:
  - { id: mail, wait: 1d, send: { template: invite } }
`;

const engine = new Engine([of('anew', 'restart'), of('lined-up', 'queue')]);
let person: string;

beforeAll(async () => {
  await engine.start();
  person = await addPerson(engine.service, 'again@again.test');
});
afterAll(() => engine.stop());

const training = (objectId: string, minute: number) =>
  incoming('training.attended', minute, { objectId, personId: person });
const statuses = async (workflow: string, key: string): Promise<string[]> =>
  (await engine.runs(workflow)).filter((run) => run.key === key).map(({ status }) => status);

describe('again: restart', () => {
  it('ends the living run of the key and starts anew, also within a batch', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1)]);
    await engine.take(engine.replica, [training(key, 2), training(key, 3)]);
    const runs = (await engine.runs('anew')).filter((run) => run.key === key);
    expect(runs.map(({ status, reason }) => [status, reason])).toEqual([
      ['cancelled', 'started anew'],
      ['cancelled', 'started anew'],
      ['waiting', null],
    ]);
  });

  it('is not moved by an event that is older than the run', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 5)]);
    await engine.take(engine.service, [training(key, 4)]);
    expect(await statuses('anew', key)).toEqual(['waiting']);
  });

  it('leaves one living run when two replicas start the same key at once', async () => {
    const key = newId();
    await Promise.all([
      engine.take(engine.service, [training(key, 1)]),
      engine.take(engine.replica, [training(key, 2)]),
    ]);
    expect((await statuses('anew', key)).filter((status) => status === 'waiting')).toHaveLength(1);
  });
});

describe('again: queue', () => {
  it('lets the next run start when the one before it has ended, in order', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1), training(key, 2), training(key, 3)]);
    expect(await statuses('lined-up', key)).toEqual(['waiting', 'queued', 'queued']);
    await engine.moveTo('2026-03-03T09:00:00Z');
    expect(await statuses('lined-up', key)).toEqual(['done', 'waiting', 'queued']);
    await engine.moveTo('2026-03-04T10:00:00Z');
    await engine.moveTo('2026-03-05T11:00:00Z');
    expect(await statuses('lined-up', key)).toEqual(['done', 'done', 'done']);
  });

  it('loses nobody when starts and ends meet in two replicas', async () => {
    const keys = Array.from({ length: 20 }, () => newId());
    const all = (minute: number) => keys.map((key) => training(key, minute));
    await Promise.all([engine.take(engine.service, all(1)), engine.take(engine.replica, all(2))]);
    for (const key of keys)
      expect(await statuses('lined-up', key)).toEqual(expect.arrayContaining(['waiting', 'queued']));
  });

  it('loses nobody when the run before ends while several of its key are about to line up', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1)]);
    let taken: Promise<void> = Promise.resolve();
    await engine.service.app.get(DataSource).transaction(async (manager) => {
      const mine = `WHERE key = $1 AND workflow_id = 'lined-up'`;
      await manager.query(`SELECT FROM runs ${mine} FOR UPDATE`, [key]);
      taken = engine.take(engine.replica, [training(key, 2), training(key, 3)]);
      // By now the two were kept out, and wait to see whether the run lives on.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await manager.query(`UPDATE runs SET status = 'done', due_at = NULL ${mine}`, [key]);
    });
    await taken;
    expect(await statuses('lined-up', key)).toEqual(['done', 'waiting', 'queued']);
  });

  it('calls the next also when the run before it ended out of turn', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1), training(key, 2)]);
    await engine.service.query(
      `UPDATE runs SET status = 'failed', due_at = NULL WHERE key = $1 AND workflow_id = 'lined-up' AND status = 'waiting'`,
      [key],
    );
    await engine.moveTo('2026-03-05T11:30:00Z');
    expect(await statuses('lined-up', key)).toEqual(['failed', 'waiting']);
  });
});
