import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ensureDatabases } from '../../../dist/apps/cli/src/embedded/databases.js';
import { findNatsServer } from '../../../dist/apps/cli/src/embedded/nats-binary.js';
import { startNats } from '../../../dist/apps/cli/src/embedded/nats.js';
import { freePort } from '../../../dist/apps/cli/src/embedded/ports.js';
import { startPostgres } from '../../../dist/apps/cli/src/embedded/postgres.js';
import { startService } from '../../../dist/apps/cli/src/suite/service.js';
import { connectNats } from '../../../dist/libs/messaging/src/nats.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One run of the first three is three durable steps: a ledger row, a timer, a mail intent. */
const workflows = {
  'bench-runs': `on: { event: bench.run, key: event.objectId }
steps:
  - { id: points, award: { points: 10, reason: Attended a training } }
  - { id: mail, wait: { for: 1s }, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-waiting': `on: { event: bench.waiting, key: event.objectId }
steps:
  - { id: points, award: { points: 10, reason: Attended a training } }
  - { id: mail, wait: { for: 9h }, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-answer': `on: { event: bench.answer, key: event.objectId }
steps:
  - { id: mail, send: { template: invite, data: { invitationId: event.objectId } } }`,
  'bench-fanout': `on: { event: bench.fanout }
steps:
  - id: everyone
    for_each: { audience: "person.active && person.consents.mail" }
    steps:
      - { id: mail, send: { template: invite, data: { invitationId: person.id } } }`,
};

/** The default programme with the workflows of this bench instead of its own. */
async function writeProgramme(folder) {
  await cp(join(root, 'programme'), folder, { recursive: true });
  await rm(join(folder, 'workflows'), { recursive: true });
  await mkdir(join(folder, 'workflows'));
  const rules = await readFile(join(folder, 'rules.yaml'), 'utf8');
  const types = Object.values(workflows).map((text) => /event: ([\w.]+)/.exec(text)[1]);
  const known = types.map(
    (type) => `- { id: ${type.replace('.', '-')}, name: ${type}, when: ${type}, award: 1 }\n`,
  );
  await writeFile(join(folder, 'rules.yaml'), `${rules.trimEnd()}\n${known.join('')}`);
  for (const [id, text] of Object.entries(workflows))
    await writeFile(join(folder, 'workflows', `${id}.yaml`), `id: ${id}\nname: ${id}\n${text}\n`);
}

function environment({ port, databaseUrl, natsUrl, programme, profile, env }) {
  const url = `http://127.0.0.1:${port}`;
  return {
    PORT: `${port}`,
    DATABASE_URL: databaseUrl,
    NATS_URL: natsUrl,
    PROGRAMME_DIR: programme,
    LAUREL_SECRET: 'a secret that only this bench uses, and nobody else',
    LOG_LEVEL: 'warn',
    PUBLIC_CONTENT_URL: url,
    PUBLIC_ENGAGEMENT_URL: url,
    PUBLIC_NOTIFICATION_URL: url,
    ...(profile ? { LAUREL_BENCH_PROFILE: profile } : {}),
    ...env,
  };
}

/**
 * PostgreSQL as durable as in earnest, a nats-server, and the engagement service, each a process of its own. `write` puts the programme
 * into a folder: that of this bench unless told.
 */
export async function openStage({ profile, statements, write = writeProgramme, env = {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-bench-'));
  await chmod(folder, 0o711);
  const programme = join(folder, 'programme');
  await write(programme);
  // When a transaction committed is what latency is measured by; everything else is as the launcher starts it.
  const settings = {
    track_commit_timestamp: 'on',
    ...(statements ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
  };
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), settings });
  const { laurel: databaseUrl } = await ensureDatabases(postgres.url, ['laurel']);
  const binary = await findNatsServer({ path: process.env.PATH, cacheDir: join(root, '.laurel/bin') });
  const nats = await startNats({ binary, storeDir: join(folder, 'nats') });
  const port = await freePort();
  const script = profile
    ? fileURLToPath(new URL('../profiled.mjs', import.meta.url))
    : join(root, 'dist/apps/engagement-service/src/main.js');
  const { service, ready } = startService({
    name: 'engagement-service',
    script,
    env: environment({ port, databaseUrl, natsUrl: nats.url, programme, profile, env }),
    url: `http://127.0.0.1:${port}`,
    log: join(folder, 'engagement.log'),
  });
  const closeServers = async () => {
    await service.stop();
    await nats.stop();
    await postgres.remove();
    await rm(folder, { recursive: true, force: true });
  };
  await ready.catch(async (error) => {
    await closeServers();
    throw error;
  });
  const database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  if (statements) await database.query('CREATE EXTENSION pg_stat_statements');
  const connection = await connectNats(nats.url, 'bench');
  const close = async () => {
    await connection.close();
    await database.end();
    await closeServers();
  };
  return { url: `http://127.0.0.1:${port}`, service, postgres, database, connection, close };
}
