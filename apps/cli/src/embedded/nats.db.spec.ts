import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from './nats-binary.js';
import { startNats, type Nats } from './nats.js';
import { isRunning } from './processes.js';
import { projectRoot } from './project.js';

function open(url: string, token = new URL(url).username): Promise<NatsConnection> {
  return connect({ servers: new URL(url).host, token, reconnect: false });
}

async function streams(url: string): Promise<string[]> {
  const connection = await open(url);
  const names = await (await jetstreamManager(connection)).streams.names().next();
  await connection.close();
  return names;
}

describe('the nats-server of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-nats-'));
  let nats: Nats;

  beforeAll(async () => {
    const { PATH: path, LAUREL_TEST_NATS_BINARY: given } = process.env;
    const binary = await findNatsServer({ given, path, cacheDir: join(projectRoot(), '.laurel/bin') });
    nats = await startNats({ binary, storeDir: join(folder, 'store') });
  });
  afterAll(async () => {
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets in only who has the token, which others cannot read', async () => {
    await expect(open(nats.url, 'guessed')).rejects.toThrow(/authorization/i);
    expect(statSync(join(folder, 'store.conf')).mode & 0o777).toBe(0o600);
  });

  it('keeps its streams when killed, and loses them when wiped, at the same address', async () => {
    const connection = await open(nats.url);
    await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    await jetstream(connection).publish('kept.one', 'hello');
    await connection.close();
    await nats.restart('SIGKILL');
    expect(await streams(nats.url)).toEqual(['KEPT']);
    await nats.wipe();
    expect(await streams(nats.url)).toEqual([]);
  });

  it('takes over from a server that outlived its launcher', async () => {
    const { pid } = nats;
    nats = await startNats({ binary: nats.binary, storeDir: join(folder, 'store') });
    expect(isRunning(pid)).toBe(false);
    expect(await streams(nats.url)).toEqual([]);
  });
});

describe('looking for nats-server', () => {
  it('refuses a given path that does not run, rather than take another', async () => {
    const search = { given: '/nowhere/nats-server', cacheDir: '/nowhere' };
    await expect(findNatsServer(search)).rejects.toThrow(/LAUREL_NATS_SERVER names \/nowhere\/nats-server/);
  });

  it('takes the one that the PATH finds first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'laurel-path-'));
    const program = join(folder, 'nats-server');
    writeFileSync(program, '#!/bin/sh\nexit 0\n');
    chmodSync(program, 0o755);
    expect(await findNatsServer({ path: `/nowhere:${folder}`, cacheDir: '/nowhere' })).toBe(program);
    rmSync(folder, { recursive: true });
  });
});
