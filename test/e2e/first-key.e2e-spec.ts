import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabases } from '../../apps/cli/src/embedded/databases.js';
import { databaseNames } from '../../apps/cli/src/suite/parts.js';
import { freePorts } from '../../apps/cli/src/suite/ports.js';
import { testRun } from '../support/run.js';

const MAIN = 'dist/apps/cli/src/main.js';
let folder = '';
const { id, databaseUrl, natsBinary } = testRun();
const prefix = `${id}_first_key`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-first-key-'));
});
afterAll(async () => {
  await dropDatabases(databaseUrl, Object.values(databaseNames(prefix)));
  await rm(folder, { recursive: true, force: true });
});

/** What `laurel up` prints until it is ready, and how its engagement-service answers to the key printed. */
async function up(state: string): Promise<{ key: string | undefined; status: number }> {
  const ports = await freePorts();
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: databaseUrl,
    LAUREL_DATABASE_PREFIX: prefix,
    LAUREL_NATS_SERVER: natsBinary,
    LAUREL_PORT_CONTENT: `${ports.content}`,
    LAUREL_PORT_ENGAGEMENT: `${ports.engagement}`,
    LAUREL_PORT_NOTIFICATION: `${ports.notification}`,
    LAUREL_PORT_MAIL: `${ports.mail}`,
  };
  const child = spawn(process.execPath, [MAIN, 'up', '--state', join(folder, state)], { env });
  let printed = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      printed += data;
      if (printed.includes('Data and logs:')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`it ended:\n${printed}`)));
  });
  await ready;
  const key = /First admin key.*(lrl_[\w-]+)/.exec(printed)?.[1];
  const { status } = await fetch(`http://127.0.0.1:${ports.engagement}/engagement/keys/me`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
  return { key, status };
}

describe('laurel up', () => {
  it('shows a first admin key that works, once for its databases, wherever its state lies', async () => {
    expect(await up('one')).toEqual({ key: expect.stringMatching(/^lrl_/), status: 200 });
    expect(await up('two')).toEqual({ key: undefined, status: 401 });
    await dropDatabases(databaseUrl, Object.values(databaseNames(prefix)));
    expect(await up('one')).toEqual({ key: expect.stringMatching(/^lrl_/), status: 200 });
  }, 180_000);
});
