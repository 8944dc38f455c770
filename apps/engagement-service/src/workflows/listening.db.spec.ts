import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson } from '../../../../test/support/engagement.js';
import { Engine, incoming } from './engine.support.js';
import { DriverService } from './driver.service.js';
import { EarsService } from './ears.service.js';
import { lockRuns } from './runs.query.js';
import { StartsService } from './starts.service.js';

const DIGEST = `
id: digest
name: Gathers two trainings an object, then mails
on: { event: training.attended, key: event.objectId }
steps:
  - { id: some, collect: { window: 2d, max: 3 } }
  - { id: mail, send: { template: invite, data: { count: "size(vars.some)" } } }
`;
const CHAIN = `
id: chain
name: Waits for one thing after the other
on: { event: suggestion.published, if: has(event.chain), key: event.objectId }
steps:
  - { id: first, wait_for: { event: training.attended, key: event.objectId, timeout: 5d, on_timeout: stop } }
  - { id: second, wait_for: { event: training.attended, key: event.objectId, timeout: 5d, on_timeout: stop } }
  - { id: third, wait_for: { event: suggestion.published, timeout: 5d } }
  - { id: mail, send: { template: invite } }
`;

const engine = new Engine([DIGEST, CHAIN]);
let person: string;

beforeAll(async () => {
  await engine.start();
  person = await addPerson(engine.service, 'ears@listening.test');
});
afterAll(() => engine.stop());

const training = (objectId: string, minute: number) =>
  incoming('training.attended', minute, { objectId, personId: person });
const begin = (objectId: string, minute: number) =>
  incoming('suggestion.published', minute, { objectId, personId: person, chain: true });
const runOf = async (workflow: string, key: string) =>
  (await engine.runs(workflow)).filter((run) => run.key === key);

describe('a run that gathers', () => {
  it('hears what comes after its start in the very same batch, each once', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 3), training(key, 1), training(key, 2)]);
    const [run, ...others] = await runOf('digest', key);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'done' });
    expect(run!.vars['some']).toMatchObject([
      { occurredAt: '2026-03-02T07:01:00.000Z' },
      { occurredAt: '2026-03-02T07:02:00.000Z' },
      { occurredAt: '2026-03-02T07:03:00.000Z' },
    ]);
  });

  it('hears what another replica takes', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1)]);
    await engine.take(engine.replica, [training(key, 2)]);
    const [run] = await runOf('digest', key);
    expect([run!.status, (run!.vars['some'] as unknown[]).length]).toEqual(['waiting', 2]);
  });

  it('misses nothing and hears nothing twice when two replicas take everything at once', async () => {
    const keys = Array.from({ length: 30 }, () => newId());
    const starts = keys.map((key) => training(key, 1));
    const rest = keys.map((key) => training(key, 2));
    await Promise.all([engine.take(engine.service, starts), engine.take(engine.replica, rest)]);
    const runs = (await engine.runs('digest')).filter(({ key }) => keys.includes(key!));
    const counts = runs.map(({ vars }) => (vars['some'] as unknown[]).length);
    // Who came first started the run, and the other was heard.
    expect(runs).toHaveLength(keys.length);
    expect(counts).toEqual(keys.map(() => 2));
  });
});

describe('what was gathered', () => {
  const gathered = async (key: string) =>
    (await runOf('digest', key)).map(({ status, vars }) => [status, (vars['some'] as unknown[]).length]);

  it('starts no new run when it was the last there was room for', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 1)]);
    await engine.take(engine.service, [training(key, 2), training(key, 3)]);
    expect(await gathered(key)).toEqual([['done', 3]]);
    await engine.take(engine.service, [training(key, 4)]);
    expect(await gathered(key)).toEqual([
      ['done', 3],
      ['waiting', 1],
    ]);
  });

  it('goes into the next run when one batch is more than a run has room for', async () => {
    const key = newId();
    await engine.take(
      engine.service,
      [1, 2, 3, 4, 5, 6, 7].map((minute) => training(key, minute)),
    );
    expect(await gathered(key)).toEqual([
      ['done', 3],
      ['done', 3],
      ['waiting', 1],
    ]);
  });

  it('starts nothing when it is told once more after its run has ended', async () => {
    const key = newId();
    const events = [1, 2, 3].map((minute) => training(key, minute));
    await engine.take(engine.service, events);
    await engine.take(engine.replica, events);
    expect(await gathered(key)).toEqual([['done', 3]]);
  });

  it('is not gathered again by a run that comes late of something that happened before', async () => {
    const key = newId();
    await engine.take(engine.service, [training(key, 11)]);
    await engine.take(engine.service, [training(key, 12), training(key, 13)]);
    await engine.take(engine.service, [training(key, 10)]);
    expect(await gathered(key)).toEqual([
      ['waiting', 1],
      ['done', 3],
    ]);
  });
});

describe('a run that waits', () => {
  it('hears an event that was taken before its start but happened after it', async () => {
    const key = newId();
    await engine.take(engine.replica, [training(key, 30)]);
    await engine.take(engine.service, [begin(key, 20)]);
    expect(await runOf('chain', key)).toMatchObject([{ status: 'waiting', step: 'second' }]);
  });

  it('does not hear what happened before its start', async () => {
    const key = newId();
    await engine.take(engine.replica, [training(key, 10)]);
    await engine.take(engine.service, [begin(key, 20)]);
    expect(await runOf('chain', key)).toMatchObject([{ status: 'waiting', step: 'first' }]);
  });

  it('takes one event for one wait only', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key, 20), training(key, 25)]);
    expect(await runOf('chain', key)).toMatchObject([{ step: 'second' }]);
    await engine.take(engine.service, [training(key, 26)]);
    expect(await runOf('chain', key)).toMatchObject([{ step: 'third' }]);
  });

  it('hears what an open transaction of another replica has not told yet', async () => {
    const key = newId();
    const starts = engine.service.app.get(StartsService, { strict: false });
    let taken: Promise<void> = Promise.resolve();
    await engine.service.app.get(DataSource).transaction(async (manager) => {
      await starts.take(manager, [begin(key, 20)]);
      taken = engine.take(engine.replica, [training(key, 25)]);
      // The event must wait for the run to be there: it cannot be through while we have not committed.
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await taken;
    expect(await runOf('chain', key)).toMatchObject([{ status: 'waiting', step: 'second' }]);
  });

  it('that is paused hears later what has come meanwhile', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key, 20)]);
    await engine.service.query(`UPDATE runs SET paused = true WHERE key = $1`, [key]);
    await engine.take(engine.replica, [training(key, 26), training(key, 25)]);
    expect(await runOf('chain', key)).toMatchObject([{ step: 'first' }]);
    await engine.service.query(`UPDATE runs SET paused = false WHERE key = $1`, [key]);
    await engine.service.app.get(DataSource).transaction(async (manager) => {
      const runs = await lockRuns(manager, [(await runOf('chain', key))[0]!.id]);
      const turns = await engine.service.app.get(EarsService, { strict: false }).deferred(manager, runs);
      await engine.service.app.get(DriverService, { strict: false }).move(manager, turns);
    });
    expect(await runOf('chain', key)).toMatchObject([
      { step: 'third', vars: { first: { occurredAt: '2026-03-02T07:25:00.000Z' } } },
    ]);
  });

  it('goes the way of its timeout, and hears nothing more', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key, 20)]);
    await engine.moveTo('2026-03-08T08:00:00Z');
    expect(await runOf('chain', key)).toMatchObject([{ status: 'stopped' }]);
    await engine.take(engine.service, [training(key, 25)]);
    expect(await runOf('chain', key)).toMatchObject([{ status: 'stopped' }]);
  });
});
