import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { codeOf, LaunchError } from '../errors.js';
import { guard } from './guard.js';
import { lastLines } from './log-tail.js';
import { freePort } from './ports.js';
import { prepareCluster, type Cluster } from './postgres-cluster.js';
import { clearLeftover, STOP_POSTGRES } from './postgres-leftover.js';
import { hasExited, stopChild } from './processes.js';

/** What to start and where. */
export interface PostgresOptions {
  /** An absolute path; the password, log and launcher files lie beside it. */
  readonly dataDir: string;
  /** Told in one line when the data has to lie elsewhere. */
  readonly log?: (line: string) => void;
  /** Server settings over the defaults, which are durable. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running PostgreSQL 18 of our own. */
export interface Postgres {
  /** The administrator's address, with password, of the database `postgres`. */
  readonly url: string;
  /** Where the data really lies. */
  readonly dataDir: string;
  readonly pid: number;
  /** Stops the server; the data stays. */
  stop(): Promise<void>;
  /** Stops (or kills) and starts it again on the same port. */
  restart(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Stops the server and deletes its data. */
  remove(): Promise<void>;
}

/** No socket file: TCP on the loopback is enough, and a socket's path has a length limit. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

function launch({ dataDir, binaries, user }: Cluster, port: number, settings: object): ChildProcess {
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const log = openSync(`${dataDir}.log`, 'w', 0o600);
  const child = spawn(join(binaries, 'bin/postgres'), ['-D', dataDir, '-p', `${port}`, ...flags], {
    ...user,
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C' },
  });
  closeSync(log);
  guard(child, 'SIGINT', 'SIGQUIT');
  return child;
}

/** PostgreSQL says 57P03 while it recovers from a crash; that may take as long as it takes. */
const NOT_YET = ['ECONNREFUSED', '57P03'];

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (NOT_YET.includes(codeOf(error))) return false;
    throw error;
  } finally {
    await client.end();
  }
}

async function waitUntilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  while (!(await answers(url))) {
    if (hasExited(child))
      throw new LaunchError(
        `The embedded PostgreSQL did not start. Its last words (${log}):\n${lastLines(log)}`,
      );
    await pause(20);
  }
}

async function startOn(cluster: Cluster, port: number, settings: object): Promise<ChildProcess> {
  await clearLeftover(cluster.dataDir);
  writeFileSync(`${cluster.dataDir}.launcher`, `${process.pid}\n`);
  const child = launch(cluster, port, settings);
  try {
    await waitUntilReady(child, addressOf(cluster, port), `${cluster.dataDir}.log`);
    return child;
  } catch (error) {
    await stopChild(child, STOP_POSTGRES);
    throw error;
  }
}

/** A free port may be taken in the moment between our look and the server's start: then another one will do. */
async function startAnywhere(cluster: Cluster, settings: object, tries = 3): Promise<[ChildProcess, number]> {
  const port = await freePort();
  try {
    return [await startOn(cluster, port, settings), port];
  } catch (error) {
    if (tries > 1 && lastLines(`${cluster.dataDir}.log`).includes('could not bind'))
      return startAnywhere(cluster, settings, tries - 1);
    throw error;
  }
}

function addressOf({ password }: Cluster, port: number): string {
  return `postgres://laurel:${password}@127.0.0.1:${port}/postgres`;
}

function deleteFiles(dataDir: string): void {
  for (const suffix of ['', '.password', '.log', '.launcher'])
    rmSync(dataDir + suffix, { recursive: true, force: true });
}

/** Starts a real PostgreSQL on a free port of the loopback, on new data or on data of an earlier start. */
export async function startPostgres({
  dataDir: wanted,
  log = () => undefined,
  settings = {},
}: PostgresOptions): Promise<Postgres> {
  const cluster = await prepareCluster(wanted, log);
  const { dataDir } = cluster;
  const [first, port] = await startAnywhere(cluster, settings);
  let child = first;
  const stop = async (): Promise<void> => {
    await stopChild(child, STOP_POSTGRES);
    rmSync(`${dataDir}.launcher`, { force: true });
  };
  return {
    url: addressOf(cluster, port),
    dataDir,
    get pid() {
      return child.pid ?? 0;
    },
    stop,
    restart: async (signal = 'SIGINT') => {
      await stopChild(child, [[signal, 15_000]]);
      child = await startOn(cluster, port, settings);
    },
    remove: async () => {
      await stop();
      deleteFiles(dataDir);
    },
  };
}
