import 'reflect-metadata';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Namespace, type ReplyOf, type RequestName, type RequestOf } from '#libs/contracts';
import { connectJetStream, connectNats } from '#libs/messaging';
import {
  Clock,
  Pollers,
  VirtualClock,
  acceptText,
  hashKey,
  migrate,
  newId,
  newKey,
  readEnv,
  startService,
  type DatabaseParts,
  type ServiceOptions,
  type serviceEnv,
} from '#libs/platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { createTestDatabase, type TestDatabase } from './database.js';

// Jest on Node 20 cannot load what this package requires; it serves the pictures of the API page, which no test looks at.
jest.unstable_mockModule('@fastify/static', () => ({ default: () => Promise.resolve() }));

/** What every test service calls its things on the broker. */
export const namespace = new Namespace('laurel');

/** The admin key of every test service. */
export const adminKey = newKey();

/** Which service to start, and on what. */
export interface TestServiceOptions<S extends typeof serviceEnv> {
  readonly name: string;
  readonly parts: DatabaseParts;
  readonly envSchema: S;
  readonly module: (env: z.infer<S>) => ServiceOptions['module'];
  readonly natsUrl: string;
  /** Shared with another instance; without it the service gets a database of its own. */
  readonly database?: TestDatabase;
  readonly env?: Record<string, string>;
}

/** An answer of a service as tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests state what they expect of a body; a wrong guess fails
  readonly body: any;
}

/** A service composed as in production, on real PostgreSQL and NATS, on virtual time. */
export interface TestService {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  /** Asks a route with the admin key, or another, or (null) none. A text body is sent as `type`. */
  call(method: string, url: string, body?: unknown, more?: CallOptions): Promise<Answer>;
  query<T = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** Moves the clock and waits until nothing is left to do. */
  moveTo(instant: string): Promise<void>;
  /** Waits until outbox, consumers and pollers have nothing left to do. */
  quiet(): Promise<void>;
  /** Closes the service; its database goes unless it was given. */
  stop(): Promise<void>;
}

/** How a call differs from the usual one. */
export interface CallOptions {
  readonly key?: string | null;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** Starts a service the way its main.ts does. */
export async function startTestService<S extends typeof serviceEnv>(
  options: TestServiceOptions<S>,
): Promise<TestService> {
  const { name, parts } = options;
  const database =
    options.database ?? (await createTestDatabase({ template: name, migrate: (url) => migrate(url, parts) }));
  const env = readEnv(
    options.envSchema,
    environment(database.url, { natsUrl: options.natsUrl, env: options.env ?? {} }),
  ) as z.infer<S>;
  const connect = async (app: NestFastifyApplication): Promise<void> => {
    acceptText(app, 'text/csv', 'application/yaml');
    await connectJetStream(app, name);
  };
  const app = await startService({ module: options.module(env), name, title: name, env, connect });
  const service = { app, database, ...toolsOf(app) };
  const stop = async (): Promise<void> => {
    await app.close();
    if (!options.database) await database.drop();
  };
  return { ...service, stop };
}

function environment(
  databaseUrl: string,
  options: Pick<TestServiceOptions<never>, 'natsUrl' | 'env'>,
): Record<string, string> {
  return {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'silent',
    LAUREL_CLOCK: 'virtual',
    DATABASE_URL: databaseUrl,
    NATS_URL: options.natsUrl,
    LAUREL_SECRET: 'a secret that only tests use, and nobody else',
    LAUREL_CLOCK_START: '2026-03-02T08:00:00Z',
    LAUREL_FIRST_ADMIN_KEY: adminKey,
    PUBLIC_CONTENT_URL: 'http://content.test',
    PUBLIC_ENGAGEMENT_URL: 'http://engagement.test',
    PUBLIC_NOTIFICATION_URL: 'http://notification.test',
    PROGRAMME_DIR: 'programme',
    CLICK_JOURNAL_DIR: join(tmpdir(), 'laurel-test-clicks'),
    ...options.env,
  };
}

function toolsOf(app: NestFastifyApplication): Omit<TestService, 'app' | 'database' | 'stop'> {
  const quiet = (): Promise<void> => untilQuiet(app.get(Pollers));
  return {
    quiet,
    call: (method, url, body, more = {}) => call(app, method, url, body, more),
    query: (sql, parameters) => app.get(DataSource).query(sql, parameters),
    moveTo: async (instant) => {
      (app.get(Clock) as VirtualClock).moveTo(new Date(instant));
      app.get(Pollers).hintAll();
      await quiet();
    },
  };
}

async function call(
  app: NestFastifyApplication,
  method: string,
  url: string,
  body: unknown,
  { key = adminKey, type, headers: extra }: CallOptions,
): Promise<Answer> {
  const answer = await fetch((await app.getUrl()) + url, {
    method,
    redirect: 'manual',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      ...extra,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = /\bjson/.test(answer.headers.get('content-type') ?? '') && text !== '';
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    text,
    body: json ? JSON.parse(text) : undefined,
  };
}

/** Quiet twice with nothing handled in between: an event may be on its way from one part to the next. */
async function untilQuiet(pollers: Pollers): Promise<void> {
  for (let before = -1; ; await pause(5)) {
    const { waiting, done } = await pollers.activity();
    const still = Object.keys(waiting).length === 0;
    if (still && done === before) return;
    before = still ? done : -1;
  }
}

/** Waits until something holds; fails with what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 20,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(20)) if (await holds()) return;
  throw new Error(`waited ${seconds} s in vain until ${what}`);
}

type Answers = { [N in RequestName]?: (request: RequestOf<N>) => ReplyOf<N> | Promise<ReplyOf<N>> };

/** Stands in for the services a service under test asks and hears, over the real broker. */
export interface Neighbour {
  readonly connection: NatsConnection;
  /** Publishes an event as another service would; returns its id. */
  tell(type: string, data: unknown, more?: { id?: string; time?: string }): Promise<string>;
  /** Publishes anything at all. */
  tellRaw(type: string, payload: string): Promise<void>;
  stop(): Promise<void>;
}

/** A neighbour that knows the admin key, and answers what else it is told to. */
export async function startNeighbour(natsUrl: string, answers: Answers = {}): Promise<Neighbour> {
  const connection = await connectNats(natsUrl, 'test');
  const caller = { keyId: newId(), name: 'test', role: 'admin' as const };
  const known: Answers = {
    'access.resolve': ({ keyHash }) => ({ key: keyHash === hashKey(adminKey) ? caller : null }),
    ...answers,
  };
  for (const [name, answer] of Object.entries(known)) {
    const callback = async (
      _error: Error | null,
      message: { json(): unknown; respond(text: string): void },
    ) => message.respond(JSON.stringify({ reply: await answer(message.json() as never) }));
    connection.subscribe(namespace.request(name), {
      callback: (error, message) => void callback(error, message),
    });
  }
  await connection.flush();
  const tellRaw = async (type: string, payload: string): Promise<void> => {
    // A service that has just started may not have made the stream yet.
    await until('the stream takes the event', () =>
      connection.request(namespace.event(type), payload, { timeout: 5_000, headers: headers() }).then(
        () => true,
        () => false,
      ),
    );
  };
  return { connection, tellRaw, tell: tellWith(tellRaw), stop: () => connection.drain() };
}

const tellWith =
  (tellRaw: Neighbour['tellRaw']): Neighbour['tell'] =>
  async (type, data, { id = newId(), time = '2026-03-02T08:00:00Z' } = {}) => {
    const head = { specversion: '1.0', id, source: '/laurel/test', type, time };
    await tellRaw(type, JSON.stringify({ ...head, datacontenttype: 'application/json', data }));
    return id;
  };
