import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Namespace, requests } from '#libs/contracts';
import { newId, readFolder } from '#libs/platform';
import { createTestDatabase } from '../../../../test/support/database.js';
import type { TestDatabase } from '../../../../test/support/database.js';
import { addPerson, startEngagement } from '../../../../test/support/engagement.js';
import { startTestNats } from '../../../../test/support/nats.js';
import { startNeighbour } from '../../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../../test/support/service.js';

const folder = mkdtempSync(join(tmpdir(), 'laurel-bundle-'));
cpSync('programme', folder, { recursive: true });
const files = readFolder(folder, ['.yaml', '.mjml', '.txt', '.json', '.svg']);
const route = '/engagement/programme';
let nats: Awaited<ReturnType<typeof startTestNats>>;
let database: TestDatabase;
let service: TestService;
let neighbour: Neighbour;

const start = (): Promise<TestService> =>
  startEngagement(nats.url, { database, env: { PROGRAMME_DIR: folder } });

beforeAll(async () => {
  nats = await startTestNats();
  const { migrate } = await import('#libs/platform');
  const { database: parts } = await import('../database.js');
  database = await createTestDatabase({ template: 'engagement', migrate: (url) => migrate(url, parts) });
  service = await start();
  neighbour = await startNeighbour(nats.url);
});
afterAll(async () => {
  await neighbour.stop();
  await service.stop();
  await database.drop();
  await nats.stop();
  rmSync(folder, { recursive: true });
});

const put = (given: object, more: object = {}) => service.call('PUT', route, { files: given, ...more });
const badge = '- { id: of-the-day, name: Of the day, description: For today }\n';
const extra = { ...files, 'badges.yaml': files['badges.yaml'] + badge };
const badges = async (): Promise<string[]> =>
  (await service.call('GET', '/engagement/badges')).body.map(({ id }: { id: string }) => id);

describe('the programme as code', () => {
  it('is the folder, byte for byte, while nothing was applied', async () => {
    expect((await service.call('GET', route)).body).toEqual({ version: 0, files });
  });

  it('tells what other files would change, and changes nothing', async () => {
    const { body } = await service.call('POST', `${route}/plan`, { files: extra });
    expect(body).toMatchObject({
      version: 0,
      nothing: false,
      workflows: [],
      files: {
        added: [],
        removed: [],
        changed: [
          {
            path: 'badges.yaml',
            added: 1,
            removed: 0,
            lines: [`+ ${badge.trim()}`],
          },
        ],
      },
    });
    expect(await badges()).not.toContain('of-the-day');
  });

  it('applies all of it or nothing: one broken file, and not even the badge beside it comes', async () => {
    const broken = {
      ...extra,
      'workflows/broken.yaml': 'id: broken\nname: B\non: { event: nothing.such }\nsteps: []\n',
    };
    const { status, body } = await put(broken);
    expect([status, body.code]).toEqual([422, 'programme_wrong']);
    expect(body.errors[0].message).toMatch(/^workflows\/broken\.yaml:3: /);
    expect(await badges()).not.toContain('of-the-day');
    expect(await service.query(`SELECT version FROM programme_versions`)).toEqual([]);
  });

  it('is in force at once, and applying it again does nothing', async () => {
    const applied = await put(extra);
    expect([applied.status, applied.body]).toMatchObject([200, { version: 1, nothing: false }]);
    expect(await badges()).toContain('of-the-day');
    const again = await put(extra);
    expect(again.body).toMatchObject({ version: 1, nothing: true });
    expect((await service.call('GET', `${route}/versions`)).body).toMatchObject([{ version: 1 }]);
  });

  it('comes back byte for byte, whatever its line ends', async () => {
    const odd = { ...extra, 'templates/odd.txt': '\uFEFFä\r\n\tlast line without end' };
    await put(odd);
    expect((await service.call('GET', route)).body).toEqual({ version: 2, files: odd });
  });

  it('tells the other services, which ask for the files in parts', async () => {
    const [told] = await service.query<{ envelope: string }>(
      `SELECT envelope FROM outbox WHERE subject LIKE '%programme.applied' ORDER BY seq DESC LIMIT 1`,
    );
    expect(JSON.parse(told!.envelope).data).toEqual({ version: 2 });
    const subject = new Namespace('laurel').request('programme.files');
    let text = '';
    for (let part = 0, more = true; more; part++) {
      const answer = await neighbour.connection.request(subject, JSON.stringify({ version: 2, part }));
      const reply = requests['programme.files'].reply.parse(answer.json<{ reply: unknown }>().reply);
      ({ more } = reply);
      text += reply.text;
    }
    expect(Object.keys(JSON.parse(text))).toHaveLength(Object.keys(extra).length + 1);
  });

  it('makes a version of a rule, and rules count by it from then on', async () => {
    const rules = files['rules.yaml']!.replace('award: 25', 'award: 31');
    await put({ ...extra, 'rules.yaml': rules });
    const person = await addPerson(service, 'rule@bundle.test');
    const activity = {
      id: newId(),
      type: 'suggestion.published',
      personId: person,
    };
    // What happened before the new version is judged by the one that was in force.
    const earlier = { ...activity, id: newId(), occurredAt: '2026-03-02T07:00:00Z' };
    await service.call('POST', '/engagement/activities', [activity, earlier]);
    await service.quiet();
    const given = `SELECT points FROM ledger WHERE person_id = $1 ORDER BY points`;
    expect(await service.query(given, [person])).toEqual([{ points: 25 }, { points: 31 }]);
  });

  it('switches off a workflow that is missing, and on again when it comes back, in the same version', async () => {
    const { 'workflows/invite-reminders.yaml': gone, ...rest } = files;
    const off = await put(rest);
    expect(off.body.workflows).toMatchObject([{ id: 'invite-reminders', change: 'off', version: 1 }]);
    expect((await service.call('GET', '/engagement/workflows/invite-reminders')).status).toBe(404);
    const on = await put({ ...rest, 'workflows/invite-reminders.yaml': gone });
    expect(on.body.workflows).toMatchObject([{ id: 'invite-reminders', change: 'on', version: 1 }]);
    expect((await service.call('GET', '/engagement/workflows/invite-reminders')).body.version).toBe(1);
  });

  it('keeps the values of HR when other files are applied', async () => {
    await service.call('PUT', '/engagement/workflows/invite-reminders/inputs', { values: { first: '3d' } });
    const applied = await put(extra);
    expect(applied.body.workflows).toEqual([]);
    const { fields } = (await service.call('GET', '/engagement/workflows/invite-reminders/form')).body;
    expect(fields[0]).toMatchObject({ name: 'first', value: '3d', default: '2d' });
  });

  it('is what was applied, not the folder, after the next start', async () => {
    await service.stop();
    service = await start();
    expect(await badges()).toContain('of-the-day');
    const { fields } = (await service.call('GET', '/engagement/workflows/invite-reminders/form')).body;
    expect(fields[0].value).toBe('3d');
  });

  it('takes a workflow published by itself into its files', async () => {
    const source = files['workflows/invite-reminders.yaml']!.replace('default: 14d', 'default: 15d');
    await service.call('POST', '/engagement/workflows/invite-reminders/publish', { source });
    expect((await service.call('GET', route)).body.files['workflows/invite-reminders.yaml']).toBe(source);
  });

  it('refuses paths outside of a programme, and keys that are no admin', async () => {
    const { status, body } = await put({ ...files, '../x.yaml': 'x' });
    expect([status, body.errors]).toMatchObject([
      422,
      [{ message: expect.stringMatching(/^\.\.\/x\.yaml:1: /) }],
    ]);
    const { body: key } = await service.call('POST', '/engagement/keys', { name: 'hr', role: 'hr' });
    expect((await service.call('PUT', route, { files }, { key: key.key })).status).toBe(403);
    expect((await service.call('POST', `${route}/plan`, { files: extra }, { key: key.key })).status).toBe(
      200,
    );
  });

  it('notes who applied what', async () => {
    const [line] = (await service.call('GET', '/engagement/audit?what=programme&limit=1')).body;
    expect(line).toMatchObject({
      action: 'apply',
      before: { programme: expect.any(Number) },
      after: { cap: 0 },
    });
    expect(line.after.programme).toBe(line.before.programme + 1);
  });
});
