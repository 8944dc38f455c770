import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ensureDatabases } from '../../dist/apps/cli/src/embedded/databases.js';
import { findNatsServer } from '../../dist/apps/cli/src/embedded/nats-binary.js';
import { startNats } from '../../dist/apps/cli/src/embedded/nats.js';
import { freePort } from '../../dist/apps/cli/src/embedded/ports.js';
import { startPostgres } from '../../dist/apps/cli/src/embedded/postgres.js';
import { startService } from '../../dist/apps/cli/src/suite/service.js';
import { connectNats } from '../../dist/libs/messaging/src/nats.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * PostgreSQL as durable as in earnest, a nats-server, and one service on system time, each a process of its own. `prepare` may put
 * things into the folder and answers with more of the service's environment; `settings` are of PostgreSQL.
 */
export async function openService(name, { profile, settings, env = {}, prepare = async () => ({}) } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), settings });
  const { laurel: databaseUrl } = await ensureDatabases(postgres.url, ['laurel']);
  const binary = await findNatsServer({ path: process.env.PATH, cacheDir: join(root, '.laurel/bin') });
  const nats = await startNats({ binary, storeDir: join(folder, 'nats') });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const profiled = profile ? { LAUREL_BENCH_PROFILE: profile, LAUREL_BENCH_SERVICE: name } : {};
  const log = join(folder, `${name}.log`);
  const { service, ready } = startService({
    name: `${name}-service`,
    script: join(root, profile ? 'test/bench/profiled.mjs' : `dist/apps/${name}-service/src/main.js`),
    env: {
      PORT: `${port}`,
      DATABASE_URL: databaseUrl,
      NATS_URL: nats.url,
      PROGRAMME_DIR: join(root, 'programme'),
      LAUREL_SECRET: 'a secret that only this bench uses, and nobody else',
      LOG_LEVEL: 'warn',
      PUBLIC_CONTENT_URL: url,
      PUBLIC_ENGAGEMENT_URL: url,
      PUBLIC_NOTIFICATION_URL: url,
      ...profiled,
      ...(await prepare(folder)),
      ...env,
    },
    url,
    log,
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
  const connection = await connectNats(nats.url, 'bench');
  const close = async () => {
    await connection.close();
    await database.end();
    await closeServers();
  };
  return { service, postgres, database, connection, url, folder, log, close };
}
