import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-bounce-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (...files: string[]): Promise<Record<string, unknown>[]> => {
  const command = ['dist/apps/cli/src/main.js', 'bounce', 'read', ...files];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

const bounce = (recipients: string): string =>
  `From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nI could not deliver this.\n\n${recipients}`;

describe('laurel bounce read', () => {
  it('prints a line for each file in their order, and goes on after one that cannot be read', async () => {
    const [one, two, missing] = ['one.eml', 'two.eml', 'missing.eml'].map((name) => join(folder, name));
    await writeFile(one!, bounce('<ada@people.example>:\n550 5.1.1 no such user\n'));
    await writeFile(
      two!,
      bounce('<ada@people.example>:\nmailbox full\n\n<bob@people.example>:\nmailbox full\n'),
    );
    expect(await read(one!, missing!, two!)).toEqual([
      {
        source: one,
        kind: 'hard',
        recipient: 'ada@people.example',
        status: '5.1.1',
        reason: '550 5.1.1 no such user',
      },
      { source: missing, kind: 'other', recipient: null, status: null, reason: 'there is no such file' },
      {
        source: two,
        kind: 'soft',
        recipient: 'ada@people.example',
        status: '5.2.2',
        reason: 'mailbox full',
        recipients: ['ada@people.example', 'bob@people.example'],
      },
    ]);
  });
});
