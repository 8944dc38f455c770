import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { LaunchError } from '../errors.js';

/** Who runs the server: PostgreSQL refuses to run as root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Users that need no creating: PostgreSQL's own where it exists (Linux, macOS), else the one without rights. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

function lookUp(name: string): SystemUser[] {
  const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
  return uid !== undefined && gid !== undefined ? [{ uid, gid }] : [];
}

function ownerOf(path: string): SystemUser | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : undefined;
}

/** The user to run the server as; `undefined` when we are an ordinary user and it runs as ourselves. */
export function serverUser(dataDir: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  // Data once made stays with its owner, also when a package has created the user `postgres` since.
  const user = ownerOf(dataDir) ?? CANDIDATES.flatMap(lookUp)[0];
  if (!user)
    throw new LaunchError(
      'PostgreSQL cannot run as root, and this machine has neither a user "postgres" nor "nobody". Run Laurel as an ordinary user, or set DATABASE_URL.',
    );
  return user;
}

/** Whether the server's user can enter `folder`: a clone in root's home (mode 700) it cannot. */
export function canEnter(folder: string, user: SystemUser | undefined): boolean {
  const options = { ...user, cwd: '/', stdio: 'ignore' } as const;
  return !user || spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], options).status === 0;
}
