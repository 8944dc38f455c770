import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LaunchError } from '../errors.js';
import { postgresBinaries, SHARED_ROOT } from './postgres-binaries.js';
import { canEnter, serverUser, type SystemUser } from './postgres-user.js';

/** Where a server's files lie and who runs it. */
export interface Cluster {
  /** The data directory; not the one asked for when the server's user could not reach that. */
  readonly dataDir: string;
  readonly binaries: string;
  readonly user: SystemUser | undefined;
  readonly password: string;
}

/** The place for the data: as asked, or below /var/lib/laurel when the server's user cannot get there. */
function reachable(dataDir: string): string {
  mkdirSync(dirname(dataDir), { recursive: true });
  if (canEnter(dirname(dataDir), serverUser(dataDir))) return dataDir;
  const clone = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  mkdirSync(join(SHARED_ROOT, clone), { recursive: true, mode: 0o755 });
  return join(SHARED_ROOT, clone, basename(dataDir));
}

function own(path: string, user: SystemUser | undefined): void {
  if (user) chownSync(path, user.uid, user.gid);
}

/** Reads the password kept beside the data, or makes one for data that is yet to be made. */
function passwordFor(dataDir: string, user: SystemUser | undefined): string {
  const file = `${dataDir}.password`;
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (existsSync(dataDir))
    throw new LaunchError(
      `The database in ${dataDir} has lost its password file ${file}. Put it back, or delete the folder to begin anew.`,
    );
  writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  // initdb reads the file itself, as the server's user.
  own(file, user);
  return readFileSync(file, 'utf8').trim();
}

function run(command: string, args: string[], user: SystemUser | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    // Detached: Ctrl-C reaches the launcher only, which waits for a whole database rather than leave half of one.
    const child = spawn(command, args, {
      ...user,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new LaunchError(
            `PostgreSQL could not create its data directory: ${complaint.trim() || `initdb ended with ${code}`}`,
          ),
        );
    });
  });
}

/** The builtin locale sorts and compares the same on every machine, whatever locales are installed. */
const INITDB_FLAGS = [
  '--username=laurel',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

async function createData({ dataDir, binaries, user }: Cluster): Promise<void> {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, user);
  await run(
    join(binaries, 'bin/initdb'),
    [`--pgdata=${draft}`, `--pwfile=${dataDir}.password`, ...INITDB_FLAGS],
    user,
  );
  renameSync(draft, dataDir);
}

function refuseOtherMajor({ dataDir }: Cluster): void {
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (version !== '18')
    throw new LaunchError(
      `The data in ${dataDir} was made by PostgreSQL ${version}, and this Laurel carries PostgreSQL 18. Move the folder away to begin anew, or set DATABASE_URL to a server of version ${version}.`,
    );
}

/** Makes sure that a data directory, its password and binaries to run it exist; tells `log` when they lie elsewhere than asked. */
export async function prepareCluster(wanted: string, log: (line: string) => void): Promise<Cluster> {
  const dataDir = reachable(wanted);
  if (dataDir !== wanted)
    log(`PostgreSQL cannot read ${dirname(wanted)} (it never runs as root), so its data lies in ${dataDir}`);
  const user = serverUser(dataDir);
  const cluster = { dataDir, user, binaries: postgresBinaries(user), password: passwordFor(dataDir, user) };
  if (existsSync(join(dataDir, 'PG_VERSION'))) refuseOtherMajor(cluster);
  else await createData(cluster);
  return cluster;
}
