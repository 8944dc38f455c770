import { chmod, mkdtemp, rm } from 'node:fs/promises';
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

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** PostgreSQL as durable as in earnest, a nats-server, and the content service on system time, each a process of its own. */
export async function openContent({ profile, env = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-redirects-'));
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  const { laurel: databaseUrl } = await ensureDatabases(postgres.url, ['laurel']);
  const binary = await findNatsServer({ path: process.env.PATH, cacheDir: join(root, '.laurel/bin') });
  const nats = await startNats({ binary, storeDir: join(folder, 'nats') });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const journal = join(folder, 'clicks');
  const script = profile
    ? fileURLToPath(new URL('../profiled.mjs', import.meta.url))
    : join(root, 'dist/apps/content-service/src/main.js');
  const { service, ready } = startService({
    name: 'content-service',
    script,
    env: {
      PORT: `${port}`,
      DATABASE_URL: databaseUrl,
      NATS_URL: nats.url,
      PROGRAMME_DIR: join(root, 'programme'),
      CLICK_JOURNAL_DIR: journal,
      LAUREL_SECRET: 'a secret that only this bench uses, and nobody else',
      LOG_LEVEL: 'warn',
      TRUST_PROXY: '127.0.0.1',
      PUBLIC_CONTENT_URL: url,
      PUBLIC_ENGAGEMENT_URL: url,
      PUBLIC_NOTIFICATION_URL: url,
      ...(profile ? { LAUREL_BENCH_PROFILE: profile, LAUREL_BENCH_SERVICE: 'content' } : {}),
      ...env,
    },
    url,
    log: join(folder, 'content.log'),
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
  const database = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const close = async () => {
    await database.end();
    await closeServers();
  };
  return { service, postgres, database, url, journal, log: join(folder, 'content.log'), close };
}

/** Shares made an hour ago; returns the ids of their links. */
export async function addShares(database, count) {
  const { rows } = await database.query(
    `WITH post AS (
       INSERT INTO posts (id, status, title, url, canonical_url, summary, category, language, languages, published_at, created_at, edited_at)
       VALUES (gen_random_uuid(), 'published', 'A', 'https://blog.example/1', 'https://blog.example/1', '', 'company', 'en', '{en}', now(), now(), now())
       RETURNING id
     )
     INSERT INTO shares (id, link_id, post_id, person_id, network, caption, target_url, shared_at)
     SELECT gen_random_uuid(), translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_'), post.id, gen_random_uuid(), 'linkedin', '',
       'https://blog.example/1?utm_source=linkedin&utm_medium=employee_advocacy&utm_campaign=laurel', now() - interval '1 hour'
     FROM post, generate_series(1, $1::int)
     RETURNING link_id AS id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** Visitors with addresses of their own, each following one of the links. */
export function visitsOf(links) {
  const browser =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36';
  const address = (number) => `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  let visitor = 0;
  return () => {
    const number = visitor++;
    return `GET /l/${links[number % links.length]} HTTP/1.1\r\nHost: laurel.example\r\nUser-Agent: ${browser}\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB,en;q=0.9\r\nX-Forwarded-For: ${address(number)}\r\n\r\n`;
  };
}
