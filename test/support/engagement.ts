import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { AppModule } from '../../apps/engagement-service/src/app.module.js';
import { database as parts } from '../../apps/engagement-service/src/database.js';
import { envSchema } from '../../apps/engagement-service/src/env.js';
import type { TestDatabase } from './database.js';
import { startTestNats } from './nats.js';
import { startNeighbour, startTestService } from './service.js';
import type { Neighbour, TestService } from './service.js';

/** How this engagement service differs from the usual one of tests. */
export interface EngagementOptions {
  readonly database?: TestDatabase;
  readonly env?: Record<string, string>;
}

/** The engagement service on a test's own database and broker. */
export const startEngagement = (natsUrl: string, options: EngagementOptions = {}): Promise<TestService> =>
  startTestService<typeof envSchema>({
    name: 'engagement',
    parts,
    envSchema,
    natsUrl,
    module: (env) => AppModule.forEnv(env),
    ...options,
  });

/** What a file of tests runs on. */
export interface Stage {
  readonly nats: Awaited<ReturnType<typeof startTestNats>>;
  readonly service: TestService;
  readonly neighbour: Neighbour;
  /** A second instance on the same database; only where it was asked for. */
  readonly replica: TestService;
  /** Starts one more instance on the same database; the test stops it. */
  readonly another: () => Promise<TestService>;
}

/** What the stage of a file of tests has beside the usual. */
export interface StageOptions {
  /** Workflows beside those of the programme, by the name of their file. */
  readonly workflows?: Readonly<Record<string, string>>;
  readonly env?: Record<string, string>;
  readonly replica?: boolean;
}

/** Sets the stage before the first test of a file and clears it after the last. */
export function useEngagement(begin: (stage: Stage) => void, options: StageOptions = {}): void {
  let clear: () => Promise<void>;
  beforeAll(async () => {
    const programme = options.workflows && programmeWith(options.workflows);
    const nats = await startTestNats();
    const env = { ...(programme && { PROGRAMME_DIR: programme }), ...options.env };
    const service = await startEngagement(nats.url, { env });
    const another = () => startEngagement(nats.url, { env, database: service.database });
    const replica = options.replica ? await another() : service;
    const neighbour = await startNeighbour(nats.url);
    clear = async () => {
      await neighbour.stop();
      if (replica !== service) await replica.stop();
      await service.stop();
      await nats.stop();
      if (programme) rmSync(programme, { recursive: true });
    };
    begin({ nats, service, neighbour, replica, another });
  });
  afterAll(() => clear());
}

/** A folder with the programme and these workflows; whoever asks removes it. */
export function programmeWith(workflows: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-programme-'));
  cpSync('programme', folder, { recursive: true });
  for (const [name, text] of Object.entries(workflows))
    writeFileSync(join(folder, 'workflows', `${name}.yaml`), text);
  return folder;
}

/** Adds a person called after the part of the address before the @; returns the id. */
export async function addPerson(service: TestService, email: string, more: object = {}): Promise<string> {
  const person = { email, name: email.split('@')[0], zone: 'Europe/Rome', ...more };
  const { status, body } = await service.call('POST', '/engagement/people', person);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body.id as string;
}
