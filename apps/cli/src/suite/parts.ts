import { join } from 'node:path';
import { dropDatabases, ensureDatabases } from '../embedded/databases.js';
import { startNats, type Nats } from '../embedded/nats.js';
import { findNatsServer } from '../embedded/nats-binary.js';
import { startPostgres, type Postgres } from '../embedded/postgres.js';
import { projectRoot } from '../embedded/project.js';
import { readEnv } from '../env.js';
import { startCatcher, type Catcher } from '../mail/catcher.js';
import { SERVICES, type ServiceName } from './ports.js';
import { silentStages } from './stages.js';
import type { SuiteOptions } from './suite.types.js';
import type { Teardown } from './teardown.js';

/** What a stage needs to know. */
export interface Start {
  readonly options: SuiteOptions;
  readonly teardown: Teardown;
}

type Urls = Readonly<Record<ServiceName, string>>;

/** The databases of a suite, by service. */
export function databaseNames(prefix: string): Record<ServiceName, string> {
  return {
    content: `${prefix}_content`,
    engagement: `${prefix}_engagement`,
    notification: `${prefix}_notification`,
  };
}

/** Runs one stage, unless the start was called off meanwhile. */
export async function stage<T>(
  { options }: Start,
  name: string | ((result: T) => string),
  work: () => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  return (options.stages ?? silentStages).run(name, work);
}

async function embeddedPostgres(start: Start): Promise<Postgres> {
  const { options, teardown } = start;
  const log = (line: string): void => options.stages?.note(line);
  const postgres = await stage(start, 'PostgreSQL 18 (embedded)', () =>
    startPostgres({ dataDir: join(options.stateDir, 'postgres'), log }),
  );
  teardown.add(() => postgres.stop());
  return postgres;
}

/** A database for each service, on the server given or on one of our own. */
export async function openDatabases(start: Start): Promise<{ urls: Urls; postgres: Postgres | undefined }> {
  const { options, teardown } = start;
  if (options.databaseUrls) return { urls: options.databaseUrls, postgres: undefined };
  const postgres = options.postgresUrl ? undefined : await embeddedPostgres(start);
  const server = options.postgresUrl ?? postgres?.url ?? '';
  const names = databaseNames(options.databasePrefix ?? 'laurel');
  const urls = await stage(start, 'Databases', () => ensureDatabases(server, Object.values(names)));
  if (options.dropDatabases) teardown.add(() => dropDatabases(server, Object.values(names)));
  return {
    urls: Object.fromEntries(SERVICES.map((service) => [service, urls[names[service]] ?? ''])) as Urls,
    postgres,
  };
}

/** Fetched programs are shared by all that run from this clone. */
async function ownNats(start: Start): Promise<Nats> {
  const { options, teardown } = start;
  const log = (line: string): void => options.stages?.note(line);
  const { PATH: path, LAUREL_NATS_SERVER: given } = readEnv();
  const search = { given, path, cacheDir: join(projectRoot(), '.laurel', 'bin'), log };
  return stage(start, 'NATS with JetStream', async () => {
    const binary = options.natsBinary ?? (await findNatsServer(search));
    const nats = await startNats({ binary, storeDir: join(options.stateDir, 'nats') });
    teardown.add(() => nats.stop());
    return nats;
  });
}

/** The broker given, or one of our own. */
export async function openNats(start: Start): Promise<{ url: string; nats: Nats | undefined }> {
  if (start.options.natsUrl) return { url: start.options.natsUrl, nats: undefined };
  const nats = await ownNats(start);
  return { url: nats.url, nats };
}

/** The mail server given, or a catcher with its page on `webPort`. */
export async function openMail(
  start: Start,
  webPort: number,
): Promise<{ url: string; catcher: Catcher | undefined }> {
  if (start.options.smtpUrl) return { url: start.options.smtpUrl, catcher: undefined };
  const catcher = await stage(start, 'Mail catcher', () => startCatcher({ webPort }));
  start.teardown.add(() => catcher.stop());
  return { url: catcher.smtpUrl, catcher };
}
