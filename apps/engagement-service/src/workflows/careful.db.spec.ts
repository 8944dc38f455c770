import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { addPerson } from '../../../../test/support/engagement.js';
import { Engine, incoming } from './engine.support.js';

const listener = (id: string): string => `
id: ${id}
name: Waits for a training
on: { event: suggestion.published, if: has(event.together), key: event.objectId }
stop_when: { event: thanks.given, key: event.objectId }
steps:
  - { id: first, wait_for: { event: training.attended, key: event.objectId, timeout: 5d, on_timeout: stop } }
  - { id: second, wait_for: { event: training.attended, key: event.objectId, timeout: 5d } }
`;
const engine = new Engine([listener('sound'), listener('poisoned')]);
let person: string;

beforeAll(async () => {
  await engine.start();
  person = await addPerson(engine.service, 'ears@careful.test');
});
afterEach(() => engine.service.query(`DROP FUNCTION IF EXISTS refuse() CASCADE`));
afterAll(() => engine.stop());

const training = (objectId: string, minute: number) =>
  incoming('training.attended', minute, { objectId, personId: person });
const begin = (objectId: string) =>
  incoming('suggestion.published', 0, { objectId, personId: person, together: true });
const runOf = async (workflow: string, key: string) =>
  (await engine.runs(workflow)).filter((run) => run.key === key);
/** From now on no run of one workflow can be stored, unless as failed. */
const poison = async (): Promise<void> => {
  await engine.service.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it is poisoned'; END $$`,
  );
  await engine.service.query(
    `CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON runs FOR EACH ROW
     WHEN (NEW.workflow_id = 'poisoned' AND NEW.status <> 'failed') EXECUTE FUNCTION refuse()`,
  );
};

describe('a run that cannot go on', () => {
  it('fails with its reason, and others hear the event', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key)]);
    await poison();
    await engine.take(engine.service, [training(key, 1)]);
    expect(await runOf('sound', key)).toMatchObject([{ status: 'waiting', step: 'second' }]);
    expect(await runOf('poisoned', key)).toMatchObject([
      { status: 'failed', step: 'first', reason: 'could not go on: it is poisoned' },
    ]);
  });

  it('fails when it is to be stopped, and others are stopped', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key)]);
    await poison();
    await engine.take(engine.service, [incoming('thanks.given', 1, { objectId: key, personId: person })]);
    expect(await runOf('sound', key)).toMatchObject([{ status: 'stopped' }]);
    expect(await runOf('poisoned', key)).toMatchObject([{ status: 'failed' }]);
  });

  it('fails at its very start, and others start', async () => {
    const key = newId();
    await poison();
    await engine.take(engine.service, [begin(key)]);
    expect(await runOf('sound', key)).toMatchObject([{ status: 'waiting', step: 'first' }]);
    expect(await runOf('poisoned', key)).toMatchObject([
      { status: 'failed', reason: 'could not go on: it is poisoned' },
    ]);
  });
});

describe('a run that is paused or resumed while an event is being taken', () => {
  /** Takes an event while a transaction that sets `paused` is open. */
  const meet = async (key: string, paused: boolean): Promise<void> => {
    let taken: Promise<void> = Promise.resolve();
    await engine.service.app.get(DataSource).transaction(async (manager) => {
      await manager.query(`UPDATE runs SET paused = $2 WHERE key = $1`, [key, paused]);
      taken = engine.take(engine.replica, [training(key, 1)]);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await taken;
  };

  it('hears it later when it was paused', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key)]);
    await meet(key, true);
    await engine.quiet();
    expect(await runOf('sound', key)).toMatchObject([{ step: 'first' }]);
    await engine.service.query(`UPDATE runs SET paused = false WHERE key = $1`, [key]);
    await engine.moveTo('2026-03-02T09:00:00Z');
    expect(await runOf('sound', key)).toMatchObject([{ step: 'second' }]);
  });

  it('hears it all the same when it was resumed', async () => {
    const key = newId();
    await engine.take(engine.service, [begin(key)]);
    await engine.service.query(`UPDATE runs SET paused = true WHERE key = $1`, [key]);
    await meet(key, false);
    await engine.moveTo('2026-03-02T10:00:00Z');
    expect(await runOf('sound', key)).toMatchObject([{ step: 'second' }]);
  });
});
