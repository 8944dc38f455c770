import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { Namespace } from '#libs/contracts';
import { connectNats, type NatsConnection } from '#libs/messaging';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type Nats } from '../embedded/nats.js';
import { readEnv } from '../env.js';
import { suiteFromEnv } from '../suite/from-env.js';
import { demoEnv, DEMO_NAMESPACE, dropLastStream } from './fresh.js';

describe('the environment of a demo', () => {
  it('is read without what is meant for the real suite, and says so in a line each', () => {
    const { env, notes } = demoEnv(
      readEnv({
        SMTP_URL: 'smtp://mail.example',
        DATABASE_URL_CONTENT: 'postgres://db.example/content',
        LAUREL_SECRET: 'x'.repeat(32),
      }),
    );
    expect(notes).toEqual([
      'the demo reads its own mails: SMTP_URL is not used',
      'the demo makes databases of its own: DATABASE_URL_CONTENT is not used',
    ]);
    expect(suiteFromEnv(env)).toMatchObject({
      smtpUrl: undefined,
      databaseUrls: undefined,
      secret: 'x'.repeat(32),
    });
  });

  it('has nothing to say when nothing of it is given', () => {
    expect(demoEnv(readEnv({})).notes).toEqual([]);
  });
});

describe('a broker that a live suite shares with the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-fresh-'));
  let nats: Nats;
  let connection: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    nats = await startNats({
      binary: process.env['LAUREL_TEST_NATS_BINARY'] ?? '',
      storeDir: join(folder, 'store'),
    });
    connection = await connectNats(nats.url, 'test');
    manager = await jetstreamManager(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loses last time's demo and nothing else", async () => {
    const [live, demo] = [new Namespace('laurel'), new Namespace(DEMO_NAMESPACE)];
    await dropLastStream(nats.url);
    for (const { stream, name } of [live, demo]) {
      await manager.streams.add({ name: stream, subjects: [`${name}.evt.>`] });
    }
    await dropLastStream(nats.url);
    expect(await manager.streams.names().next()).toEqual(['LAUREL_EVENTS']);
  });
});
