import 'reflect-metadata';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import type { DataOf, EventType } from '#libs/contracts';
import { Namespace } from '#libs/contracts';
import { connectJetStream, connectNats } from '#libs/messaging';
import type { NatsConnection } from '#libs/messaging';
import { Clock, Pollers, VirtualClock, migrate, newId, readEnv } from '#libs/platform';
import { createTestDatabase } from '../../../test/support/database.js';
import { startTestNats } from '../../../test/support/nats.js';
import { testRun } from '../../../test/support/run.js';
import { AppModule } from '../src/app.module.js';
import { database } from '../src/database.js';
import { envSchema } from '../src/env.js';
import { FakeEngagement } from './engagement.js';
import { openMailbox } from './mailbox.js';
import type { Mailbox } from './mailbox.js';

const PROGRAMME = fileURLToPath(new URL('../../../programme', import.meta.url));
export const START = new Date('2026-01-05T08:00:00Z');

/** The whole notification service on a real PostgreSQL, NATS and SMTP server; only its neighbour is played by the test. */
export class RunningService {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly mailbox: Mailbox,
    readonly engagement: FakeEngagement,
    private readonly nats: NatsConnection,
    private readonly close_: () => Promise<void>,
  ) {}

  static async start(programmeDir = PROGRAMME, more: Record<string, string> = {}): Promise<RunningService> {
    const store = await createTestDatabase({
      template: 'notification',
      migrate: (url) => migrate(url, database),
    });
    const broker = await startTestNats();
    const mailbox = await openMailbox();
    const nats = await connectNats(broker.url, 'test');
    const engagement = new FakeEngagement(nats);
    const env = environment(store.url, broker.url, mailbox.url, programmeDir, more);
    // Not by startService: Jest cannot load the assets of its API documents.
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.forEnv(env),
      new FastifyAdapter(),
      { logger: false },
    );
    await connectJetStream(app, 'notification');
    await app.listen(0, '127.0.0.1');
    await streamStands(nats);
    const close = async (): Promise<void> => {
      await app.close();
      await nats.close();
      await Promise.all([broker.stop(), mailbox.close()]);
      await store.drop();
    };
    return new RunningService(app, mailbox, engagement, nats, close);
  }

  close(): Promise<void> {
    return this.close_();
  }

  /** Tells the service an event as the broker would. */
  tell<T extends EventType>(type: T, data: DataOf<T>): void {
    const head = {
      specversion: '1.0',
      id: newId(),
      source: '/laurel/engagement',
      type,
      time: this.now().toISOString(),
    };
    this.nats.publish(
      new Namespace('laurel').event(type),
      JSON.stringify({ ...head, datacontenttype: 'application/json', data }),
    );
  }

  /** Asks for a mail; returns the intent key. */
  request(
    personId: string,
    template: string,
    data: Record<string, unknown> = {},
    intentKey: string = newId(),
  ): string {
    const workflow = { id: 'test', version: 1, runId: newId(), stepId: 'send' };
    this.tell('notification.requested', { intentKey, personId, template, data, workflow });
    return intentKey;
  }

  /** Asks for a mail with a question; returns the id of the question. */
  ask(
    personId: string,
    template: string,
    data: Record<string, unknown>,
    answers: { options: string[]; expiresAt: string; anonymous?: boolean },
  ): string {
    const askId = newId();
    const workflow = { id: 'test', version: 1, runId: newId(), stepId: 'ask' };
    this.tell('notification.requested', {
      intentKey: askId,
      personId,
      template,
      data,
      workflow,
      answers: { askId, ...answers },
    });
    return askId;
  }

  now(): Date {
    return this.app.get<Clock>(Clock).now();
  }

  /** Moves the clock and waits until nothing moves any more. */
  async move(milliseconds: number): Promise<void> {
    this.app.get<VirtualClock>(Clock).moveTo(new Date(this.now().getTime() + milliseconds));
    this.app.get(Pollers).hintAll();
    await this.quiet();
  }

  /** Waits until consumers, outbox and mail have nothing to do at this moment of the clock. */
  async quiet(): Promise<void> {
    await this.nats.flush();
    for (let calm = 0, done = -1; calm < 3;) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      const activity = await this.app.get(Pollers).activity();
      calm = Object.keys(activity.waiting).length === 0 && activity.done === done ? calm + 1 : 0;
      done = activity.done;
    }
  }

  sql<T>(query: string, parameters: unknown[] = []): Promise<T[]> {
    return this.app.get(DataSource).query(query, parameters);
  }

  /** State, attempts and reason of a delivery. */
  async delivery(
    intentKey: string,
  ): Promise<{ id: string; state: string; attempts: number; reason: string | null }> {
    const [row] = await this.sql<{ id: string; state: string; attempts: number; reason: string | null }>(
      'SELECT id, state, attempts, reason FROM deliveries WHERE intent_key = $1',
      [intentKey],
    );
    if (!row) throw new Error('there is no such delivery');
    return row;
  }

  /** What the outbox tells about a delivery. */
  async told(intentKey: string): Promise<string[]> {
    const rows = await this.sql<{ type: string }>(
      `SELECT envelope::jsonb->>'type' AS type FROM outbox WHERE envelope::jsonb->'data'->>'intentKey' = $1 ORDER BY seq`,
      [intentKey],
    );
    return rows.map(({ type }) => type);
  }

  async http(
    method: 'GET' | 'POST' | 'HEAD',
    path: string,
    more: { key?: string; form?: URLSearchParams | FormData } = {},
  ): Promise<{ status: number; headers: Headers; body: string }> {
    const headers: Record<string, string> = more.key ? { authorization: `Bearer ${more.key}` } : {};
    const url = new URL(path, await this.app.getUrl());
    const answer = await fetch(url, {
      method,
      headers,
      ...(more.form === undefined ? {} : { body: more.form }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  }
}

/** What is published before the service has made its stream would be lost: asks with something nobody listens to. */
async function streamStands(nats: NatsConnection): Promise<void> {
  const subject = new Namespace('laurel').event('test.started' as EventType);
  for (;;) {
    try {
      return void (await nats.request(subject, '{}', { timeout: 5_000 }));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const environment = (
  databaseUrl: string,
  natsUrl: string,
  smtpUrl: string,
  programmeDir: string,
  more: Record<string, string>,
): ReturnType<typeof readTestEnv> =>
  readTestEnv({
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    SMTP_URL: smtpUrl,
    PROGRAMME_DIR: programmeDir,
    PORT: '0',
    NODE_ENV: 'test',
    LAUREL_SECRET: 'a secret of the tests, known to nobody else',
    LAUREL_CLOCK: 'virtual',
    LAUREL_CLOCK_START: START.toISOString(),
    PUBLIC_CONTENT_URL: 'http://content.example',
    PUBLIC_ENGAGEMENT_URL: 'http://engagement.example',
    PUBLIC_NOTIFICATION_URL: 'http://notification.example',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    TEMPLATE_CACHE_DIR: testRun().templateCache,
    ...more,
  });

const readTestEnv = (values: Record<string, string>) => readEnv(envSchema, values);

/** A copy of the programme with other settings of mails, in YAML on one line; whoever makes it removes it. */
export async function programmeWithMail(mail: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-programme-'));
  await cp(PROGRAMME, folder, { recursive: true });
  const file = join(folder, 'programme.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, `${text.replace(/^mail:\n(?: .*\n)*/m, '')}\nmail: ${mail}\n`);
  return folder;
}

/** Starts the service before the first test of a file, empties its mailbox after each, and closes it after the last. */
export function useNotification(begin: (service: RunningService) => void): void {
  let service: RunningService;
  beforeAll(async () => begin((service = await RunningService.start())));
  afterEach(() => {
    service.mailbox.answers = [];
    service.mailbox.received.length = 0;
    service.mailbox.onReceived = async () => {};
  });
  afterAll(() => service.close());
}
