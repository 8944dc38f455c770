import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFolder } from '#libs/platform';
import { addPeople, beginStory } from '../support/story.js';
import type { Story } from '../support/story.js';

const MAIN = 'dist/apps/cli/src/main.js';
const folder = mkdtempSync(join(tmpdir(), 'laurel-code-'));
const endings = ['.yaml', '.mjml', '.txt', '.json', '.svg'];
let story: Story;

beforeAll(async () => {
  cpSync('programme', folder, { recursive: true });
  story = await beginStory('programme', '2026-03-02T08:00:00Z');
});
afterAll(async () => {
  await story.end();
  rmSync(folder, { recursive: true });
});

interface Printed {
  code: number;
  out: string;
}

/** Runs the command the way a person does. */
async function laurel(...words: string[]): Promise<Printed> {
  const env = { PATH: process.env['PATH'], LAUREL_KEY: story.suite.adminKey, NO_COLOR: '1' };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...words], { env });
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}
const remote = (...words: string[]): Promise<Printed> =>
  laurel(...words, '--url', story.suite.urls.engagement);
const change = (path: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(join(folder, path), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, path), after);
};
const reminders = 'workflows/invite-reminders.yaml';

describe('the programme as code', () => {
  it('is validated without a server', async () => {
    expect(await laurel('validate', folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('is in order'),
    });
    writeFileSync(
      join(folder, 'workflows', 'broken.yaml'),
      'id: broken\nname: B\non: { event: no.such }\nsteps: []\n',
    );
    const { code, out } = await laurel('validate', folder);
    expect([code, out]).toEqual([1, expect.stringContaining(`${join(folder, 'workflows/broken.yaml')}:3: `)]);
    expect(out).toContain('has 2 mistakes');
    expect(await remote('apply', folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining('workflows/broken.yaml:3: '),
    });
    rmSync(join(folder, 'workflows', 'broken.yaml'));
  });

  it('shows what would change, and whom it would reach, before anything does', async () => {
    const { ada } = await addPeople(story, ['ada@code.test,Ada,en,Europe/Rome,,,staff,']);
    await story.engagement.post('/engagement/invitations', { wave: 'one', personIds: [ada] });
    await story.until('2026-03-03T12:00:00Z');
    change(reminders, 'default: 2d', 'default: 1d');
    change('templates/en/invite-reminder.yaml', /^heading: .*/m, 'heading: Still there?');
    const { code, out } = await remote('plan', folder);
    expect([code, out]).toEqual([0, expect.any(String)]);
    expect(out).toContain(`~ ${reminders} (+1 -1)`);
    expect(out).toContain(
      'workflow invite-reminders: version 1 → 2\n    Input first is 1d instead of 2d\n    Step first_reminder: waits 1d instead of 2d',
    );
    expect(out).toContain('1 run waits at first_reminder:');
    expect(out).toContain(
      'move: 1 run waits there by the new version; 1 person is written to at once (1 mail)',
    );
  });

  it('is applied with the runs that wait, as far as the cap allows', async () => {
    const refused = await remote('apply', folder, '--waiting', 'move');
    expect(refused).toMatchObject({
      code: 1,
      out: expect.stringContaining('1 person would be written to at once'),
    });
    const { code, out } = await remote('apply', folder, '--waiting', 'move', '--cap', '1');
    expect([code, out]).toEqual([0, expect.stringContaining('1 moved, 0 stopped, 0 kept')]);
    expect(out).toContain('Programme version 1 is in force.');
    expect(await remote('apply', folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing to do'),
    });
  });

  it('has its new words in the mails from then on', async () => {
    await story.settle();
    await story.until('2026-03-03T12:05:00Z');
    expect(await story.textOf('ada@code.test', 'invite-reminder')).toContain('Still there?');
    expect(await story.notification.get('/notification/programme')).toEqual({ version: 1, refused: null });
  });

  it('comes back byte for byte', async () => {
    const out = join(folder, '..', `${folder.split('/').at(-1)}-out`);
    expect((await remote('export', out)).code).toBe(0);
    expect(readFolder(out, endings)).toEqual(readFolder(folder, endings));
    rmSync(out, { recursive: true });
  });

  it('tells kindly when the service is not there, or the folder is none', async () => {
    const away = await laurel('plan', folder, '--url', 'http://127.0.0.1:1');
    expect(away).toMatchObject({
      code: 1,
      out: expect.stringContaining('http://127.0.0.1:1 cannot be reached'),
    });
    expect(await laurel('validate', join(folder, 'templates'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('is no programme'),
    });
    expect((await remote('export', join(folder, 'templates'))).out).toContain(
      'holds files and is no programme',
    );
  });
});
