import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { codeOf, LaunchError } from '../errors.js';
import { unpackDebian } from './nats-debian.js';
import { fetchRelease, NATS_VERSION } from './nats-release.js';

/** Where to look for a server, in this order: `given`, `path`, `cacheDir`, the network. */
export interface NatsSearch {
  /** A path set by the user (LAUREL_NATS_SERVER); when it does not run, that is an error. */
  readonly given?: string | undefined;
  /** The PATH to search. */
  readonly path?: string | undefined;
  /** Where a fetched server is kept. */
  readonly cacheDir: string;
  /** Told in one line what is being fetched. */
  readonly log?: (line: string) => void;
}

const SOURCES = [
  { name: `the official release ${NATS_VERSION}`, fetch: fetchRelease },
  { name: 'the Debian package', fetch: unpackDebian },
];

function runs(binary: string): boolean {
  return spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0;
}

function whyNot(error: unknown): string {
  const cause = error instanceof Error ? codeOf(error.cause) : '';
  return cause || (String(error).trim().split('\n').at(-1) ?? '');
}

async function fetchInto(target: string, log: (line: string) => void): Promise<string> {
  const failures: string[] = [];
  log('nats-server is not on this machine: fetching it');
  for (const source of SOURCES) {
    try {
      await source.fetch(target);
      if (!runs(target)) throw new Error('it does not run on this machine');
      log(`nats-server: took ${source.name} into ${target}`);
      return target;
    } catch (error) {
      failures.push(`${source.name}: ${whyNot(error)}`);
    }
  }
  throw new LaunchError(nowhere(failures));
}

function nowhere(failures: readonly string[]): string {
  return `Laurel needs nats-server (its message broker) and could not get it (${failures.join('; ')}). Any one of these will do:
  1. put nats-server on the PATH (Debian: apt-get install nats-server, macOS: brew install nats-server), or point LAUREL_NATS_SERVER at the program;
  2. set NATS_URL to a NATS server with JetStream that runs already;
  3. let this machine reach github.com or its Debian mirror once, and start again: Laurel then fetches nats-server itself.`;
}

function onPath(path: string): string | undefined {
  // Debian puts it where an ordinary user's PATH does not look.
  const folders = [...path.split(delimiter).filter(Boolean), '/usr/local/sbin', '/usr/sbin'];
  return folders.map((folder) => join(folder, 'nats-server')).find(runs);
}

/** The path of a `nats-server` that runs here, fetched when the machine has none; throws one message with the ways to get it. */
export async function findNatsServer({
  given,
  path = '',
  cacheDir,
  log = () => undefined,
}: NatsSearch): Promise<string> {
  if (given) {
    if (runs(given)) return given;
    throw new LaunchError(
      `LAUREL_NATS_SERVER names ${given}, which does not run. Correct the path, or unset it and let Laurel look for nats-server itself.`,
    );
  }
  const cached = join(cacheDir, 'nats-server');
  return onPath(path) ?? (runs(cached) ? cached : await fetchInto(cached, log));
}
