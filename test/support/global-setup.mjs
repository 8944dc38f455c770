import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Jest gives a global setup neither its module mapper nor native ESM for TypeScript, so this one uses what is built.
const CLI = new URL('../../dist/apps/cli/src/', import.meta.url);
const PREFIX = 'laurel-test-';

const built = (path) => import(new URL(path, CLI).href);

/** A run ended by force leaves its folder behind: the next run clears what belongs to no process. */
function sweep(isRunning) {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isRunning(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** The server given, else an embedded one that lives as long as the run. */
async function openPostgres(folder) {
  const { startPostgres } = await built('embedded/postgres.js');
  const log = (line) => process.stderr.write(`${line}\n`);
  // The data of a test need not survive a power cut; everything else is as in earnest.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return startPostgres({ dataDir: join(folder, 'postgres'), log, settings });
}

async function findNats(env, root) {
  const { findNatsServer } = await built('embedded/nats-binary.js');
  return findNatsServer({
    given: env.LAUREL_NATS_SERVER,
    path: env.PATH,
    cacheDir: join(root, '.laurel', 'bin'),
  });
}

/** One PostgreSQL and the program of one nats-server for the whole run, told to the workers by their environment. */
export default async function setUp({ rootDir }, { testPathIgnorePatterns: [, ...leftOut] }) {
  if (leftOut.length > 0)
    process.stderr.write(`Left to "npm run test:long", as it takes minutes: ${leftOut.join(' ')}\n`);
  if (!existsSync(CLI))
    throw new Error('The tests start the built launcher: run "npm run build" first ("npm test" does).');
  const { isRunning } = await built('embedded/processes.js');
  const { readEnv } = await built('env.js');
  const env = readEnv();
  sweep(isRunning);
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // PostgreSQL runs as another user when we are root, and must get through.
  chmodSync(folder, 0o711);
  const natsBinary = await findNats(env, rootDir);
  const postgres = env.DATABASE_URL ? undefined : await openPostgres(folder);
  process.env.LAUREL_TEST_RUN = `t${process.pid}`;
  process.env.LAUREL_TEST_NATS_BINARY = natsBinary;
  process.env.LAUREL_TEST_DATABASE_URL = env.DATABASE_URL ?? postgres.url;
  process.env.LAUREL_TEST_CACHE = join(folder, 'templates');
  globalThis.laurelTestRun = { postgres, folder };
}
