import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import { until } from '../../../../test/support/service.js';
import type { TestService } from '../../../../test/support/service.js';

const nudge = `id: nudge
name: Nudge
inputs:
  first: { label: First after, type: duration, default: 2d }
on: { event: suggestion.published, key: event.objectId }
stop_when: { event: training.attended, key: event.objectId }
steps:
  - id: first
    wait: { for: $first, since: start }
    send: { template: first-share-tips, data: { invitationId: person.id } }
  - id: second
    wait: { for: 7d, since: start }
    send: { template: first-share-tips }
`;

let service: TestService;
let replica: TestService;

useEngagement((stage) => ({ service, replica } = stage), { workflows: { nudge }, replica: true });

const quiet = async (): Promise<void> => {
  await service.quiet();
  await replica.quiet();
};
const tell = async (type: string, key: string, personId: string, at: string): Promise<void> => {
  const activity = { id: newId(), type, personId, objectId: key, occurredAt: at };
  expect((await service.call('POST', '/engagement/activities', activity)).status).toBeLessThan(300);
  await quiet();
};
/** A run of the workflow at its first wait, begun at eight on Monday. */
const begin = async (email: string): Promise<string> => {
  const person = await addPerson(service, email);
  await tell('suggestion.published', `key ${email}`, person, '2026-03-02T08:00:00Z');
  return person;
};
const runOf = async (email: string): Promise<Record<string, unknown>> =>
  (
    await service.query(`SELECT version, status, step, due_at AS due FROM runs WHERE key = $1`, [
      `key ${email}`,
    ])
  )[0]!;
const mailed = async (): Promise<string[]> =>
  (
    await service.query<{ personId: string }>(
      `SELECT person_id AS "personId" FROM intents WHERE workflow_id = 'nudge' AND kind = 'send' ORDER BY at`,
    )
  ).map(({ personId }) => personId);
const active = async (on: TestService): Promise<number> =>
  (await on.call('GET', '/engagement/workflows/nudge')).body.version;

describe('a workflow', () => {
  it('has a form, and a version by the folder', async () => {
    expect((await service.call('GET', '/engagement/workflows/nudge/form')).body).toMatchObject({
      id: 'nudge',
      version: 1,
      fields: [
        {
          name: 'first',
          label: 'First after',
          type: 'duration',
          default: '2d',
          value: '2d',
        },
      ],
    });
    const { body } = await service.call('GET', '/engagement/workflows/nudge/versions/1');
    expect(body).toMatchObject({
      source: nudge,
      values: {},
      steps: ['first', 'second'],
      publishedBy: 'programme folder',
    });
  });

  it('refuses values that do not fit, by their fields, and a text with mistakes, by its lines', async () => {
    const values = { first: 'soon', other: 1 };
    const refused = await service.call('PUT', '/engagement/workflows/nudge/inputs', { values });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toEqual(['first', 'other']);
    const source = nudge.replace('first-share-tips', 'no-such-mail');
    const wrong = await service.call('POST', '/engagement/workflows/nudge/publish', { source });
    expect(wrong.status).toBe(422);
    expect(wrong.body.errors[0].message).toMatch(/^workflows\/nudge\.yaml:10: .*no-such-mail/);
    expect((await service.call('POST', '/engagement/workflows/nudge/publish', {})).status).toBe(400);
    expect(await active(service)).toBe(1);
  });

  it('tells before publishing who waits where, what moving would do, and what is otherwise', async () => {
    await begin('ada@publish.test');
    await begin('bea@publish.test');
    await service.moveTo('2026-03-03T08:00:00Z');
    await replica.moveTo('2026-03-03T08:00:00Z');
    const { status, body } = await service.call('POST', '/engagement/workflows/nudge/plan', {
      values: { first: '12h' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'nudge',
      change: 'changed',
      from: 1,
      to: 2,
      nothing: false,
      lines: ['Input first is 12h instead of 2d', 'Step first: waits 12h instead of 2d'],
      waiting: [
        {
          step: 'first',
          runs: 2,
          movable: 2,
          people: 2,
          mails: 2,
          keep: '2 runs go on by the version they began with',
          move: '2 runs wait there by the new version; 2 people are written to at once (2 mails)',
        },
      ],
    });
    expect(await mailed()).toEqual([]);
    expect(await runOf('ada@publish.test')).toMatchObject({ version: 1, status: 'waiting' });
  });

  it('is not published when more people than the cap would be written to at once', async () => {
    const ask = { values: { first: '12h' }, waiting: 'move' };
    const refused = await service.call('PUT', '/engagement/workflows/nudge/inputs', { ...ask, cap: 1 });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'too_many_at_once',
      detail: expect.stringMatching(/^2 people .*cap is 1/),
    });
    expect(await active(service)).toBe(1);
    expect(await mailed()).toEqual([]);
  });

  it('leaves waiting runs with their version unless told otherwise', async () => {
    const { status, body } = await service.call('PUT', '/engagement/workflows/nudge/inputs', {
      values: { first: '3d' },
    });
    expect([status, body]).toMatchObject([200, { version: 2, runs: null }]);
    expect(await runOf('ada@publish.test')).toMatchObject({
      version: 1,
      due: new Date('2026-03-04T08:00:00Z'),
    });
  });

  it('is followed by the other replica within seconds, and started in that version', async () => {
    await until('the replica has version 2', async () => (await active(replica)) === 2, 5);
    await begin('cyd@publish.test');
    expect(await runOf('cyd@publish.test')).toMatchObject({
      version: 2,
      due: new Date('2026-03-05T08:00:00Z'),
    });
  });

  it('stops runs of an old version by the stops of that version', async () => {
    const source = nudge.replace(/^stop_when.*\n/m, '');
    const published = await service.call('POST', '/engagement/workflows/nudge/publish', { source });
    expect(published.body).toMatchObject({
      version: 3,
      lines: ['It ends no longer on training.attended of the same event.objectId'],
    });
    const bea = (
      await service.query<{ id: string }>(
        `SELECT person_id AS id FROM runs WHERE key = 'key bea@publish.test'`,
      )
    )[0]!.id;
    await until('the replica has version 3', async () => (await active(replica)) === 3, 5);
    await tell('training.attended', 'key bea@publish.test', bea, '2026-03-03T07:00:00Z');
    expect(await runOf('bea@publish.test')).toMatchObject({ version: 1, status: 'stopped' });
  });

  it('moves waiting runs step by step, and mails those that are due by the new version', async () => {
    const ada = (
      await service.query<{ id: string }>(
        `SELECT person_id AS id FROM runs WHERE key = 'key ada@publish.test'`,
      )
    )[0]!.id;
    const ask = { values: { first: '12h' }, waiting: { first: 'move' }, cap: 2 };
    const { status, body } = await service.call('PUT', '/engagement/workflows/nudge/inputs', ask);
    expect([status, body]).toMatchObject([
      200,
      { version: 4, runs: { moved: 2, stopped: 0, kept: 0, finished: true } },
    ]);
    await quiet();
    expect(await runOf('ada@publish.test')).toMatchObject({
      version: 4,
      step: 'second',
      due: new Date('2026-03-09T08:00:00Z'),
    });
    expect((await mailed()).filter((id) => id === ada)).toHaveLength(1);
  });

  it('does nothing when the same is published again', async () => {
    const { body } = await service.call('PUT', '/engagement/workflows/nudge/inputs', {
      values: { first: '12h' },
    });
    expect(body).toMatchObject({ nothing: true, version: 4 });
    expect((await service.call('GET', '/engagement/workflows/nudge/versions')).body).toHaveLength(4);
  });

  it('is brought back to an earlier version as a new one, text and values', async () => {
    const { body } = await service.call('POST', '/engagement/workflows/nudge/publish', { version: 1 });
    expect(body).toMatchObject({ version: 5, nothing: false });
    const versions = (await service.call('GET', '/engagement/workflows/nudge/versions')).body;
    expect(versions[0]).toMatchObject({ version: 5, backTo: 1, values: {}, newest: true });
    expect((await service.call('GET', '/engagement/workflows/nudge/versions/5')).body.source).toBe(nudge);
    const { lines } = (await service.call('GET', '/engagement/workflows/nudge/versions/4/diff/5')).body;
    expect(lines).toContain('Step first: waits 2d instead of 12h');
    expect((await service.call('POST', '/engagement/workflows/nudge/publish', { version: 99 })).status).toBe(
      404,
    );
  });

  it('ends waiting runs when that is asked for', async () => {
    await begin('dan@publish.test');
    const ask = { source: nudge.replace('7d', '8d'), waiting: 'stop' };
    const { body } = await service.call('POST', '/engagement/workflows/nudge/publish', ask);
    expect(body.runs).toMatchObject({ moved: 0, finished: true });
    expect(body.runs.stopped).toBeGreaterThanOrEqual(1);
    expect(await runOf('dan@publish.test')).toMatchObject({ status: 'cancelled' });
  });

  it('brings many runs to a version page by page, and goes on with what a stopped process has left', async () => {
    await begin('eve@publish.test');
    await service.query(
      `INSERT INTO runs (id, workflow_id, version, root_id, key, person_id, status, step, step_since, verb, due_at, vars, event,
         triggered_at, started_at, wait_since, attempts)
       SELECT id || '-' || n, workflow_id, version, id || '-' || n, key || n, person_id, status, step, step_since, verb, due_at, vars,
         event, triggered_at, started_at, wait_since, attempts
       FROM runs, generate_series(1, 1200) n WHERE key = 'key eve@publish.test'`,
    );
    const source = nudge.replace('7d', '9d');
    const { body } = await service.call('POST', '/engagement/workflows/nudge/publish', { source });
    const inVersion = async (version: number): Promise<number> =>
      (
        await service.query<{ count: number }>(
          `SELECT count(*) AS count FROM runs WHERE key LIKE 'key eve%' AND version = $1`,
          [version],
        )
      )[0]!.count;
    expect(await inVersion(body.version)).toBe(0);
    // As a process leaves it that has published and moved none, or some, of the runs.
    await service.query(
      `INSERT INTO workflow_moves (id, workflow_id, version, waiting, reason, created_at) VALUES ($1, 'nudge', $2, '"move"', 'r', now())`,
      [newId(), body.version],
    );
    const [move] = await service.query<{ id: string }>(
      `SELECT id FROM workflow_moves ORDER BY created_at DESC LIMIT 1`,
    );
    await until('all are moved', async () => (await inVersion(body.version)) === 1201, 40);
    await quiet();
    expect(
      await service.query(
        `SELECT moved, kept, finished_at IS NOT NULL AS over FROM workflow_moves WHERE id = $1`,
        [move!.id],
      ),
    ).toEqual([{ moved: 1201, kept: 0, over: true }]);
  });

  it('leaves a run that cannot be brought to a version where it is, and brings the others', async () => {
    await service.query(`DELETE FROM runs WHERE key LIKE 'key eve%' AND key !~ '(test|test[1-5])$'`);
    await service.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$`,
    );
    await service.query(
      `CREATE TRIGGER refuse BEFORE UPDATE ON runs FOR EACH ROW WHEN (NEW.key = 'key eve@publish.test3') EXECUTE FUNCTION refuse()`,
    );
    const id = newId();
    await service.query(
      `INSERT INTO workflow_moves (id, workflow_id, version, waiting, reason, created_at) VALUES ($1, 'nudge', 1, '"move"', 'r', now())`,
      [id],
    );
    const over = (): Promise<unknown[]> =>
      service.query(`SELECT kept FROM workflow_moves WHERE id = $1 AND finished_at IS NOT NULL`, [id]);
    await until('the move is over', async () => (await over()).length > 0, 40);
    await service.query(`DROP FUNCTION refuse() CASCADE`);
    const left = await service.query(`SELECT key FROM runs WHERE key LIKE 'key eve%' AND version <> 1`);
    expect([await over(), left]).toEqual([[{ kept: 1 }], [{ key: 'key eve@publish.test3' }]]);
  });

  it('leaves a line in the audit for each change, with who made it', async () => {
    const { body } = await service.call('GET', '/engagement/audit?what=workflow%20nudge');
    expect(body.map(({ action }: { action: string }) => action)).toEqual(
      'publish, publish, roll back, set inputs, publish, set inputs'.split(', '),
    );
    expect(body[2]).toMatchObject({
      before: { workflows: { nudge: 4 } },
      after: { workflows: { nudge: 5 } },
      who: expect.stringMatching(/ \([0-9a-f-]{36}\)$/),
    });
    const who = encodeURIComponent(body[0].who.replace(/ \(.*/, ''));
    expect((await service.call('GET', `/engagement/audit?who=${who}&limit=2`)).body).toHaveLength(2);
    expect((await service.call('GET', '/engagement/audit?who=nobody')).body).toEqual([]);
  });

  it('checks a text with warnings', async () => {
    const text = `${nudge}  - { id: third, stop: true }\n  - { id: fourth, send: { template: first-share-tips } }\n`;
    const { body } = await service.call('POST', '/engagement/workflows/check', text, {
      type: 'application/yaml',
    });
    expect(body).toMatchObject({ ok: true, id: 'nudge', steps: ['first', 'second', 'third', 'fourth'] });
    expect(body.warnings).toEqual([
      expect.stringMatching(/^workflow\.yaml:\d+: .*no run can come to fourth/),
    ]);
  });
});
