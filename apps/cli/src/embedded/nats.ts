import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LaunchError } from '../errors.js';
import { guard } from './guard.js';
import { lastLines } from './log-tail.js';
import { freePort } from './ports.js';
import { commandLine, hasExited, stopChild, stopPid } from './processes.js';

/** What to start and where. */
export interface NatsOptions {
  /** A program found by `findNatsServer`. */
  readonly binary: string;
  /** An absolute path; the configuration (with the token), log and pid files lie beside it. */
  readonly storeDir: string;
}

/** A running nats-server of our own, with JetStream. */
export interface Nats {
  /** The address with its token; it stays the same over restarts. */
  readonly url: string;
  readonly binary: string;
  readonly pid: number;
  /** Stops the server; what the streams hold stays. */
  stop(): Promise<void>;
  /** Stops (or kills) and starts it again at the same address. */
  restart(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Kills it, deletes what the streams hold and starts it again at the same address. */
  wipe(): Promise<void>;
}

const STOP_NATS = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** The token stands in a file of ours alone, not on a command line that every user of the machine can read. */
function writeConfig(storeDir: string, port: number, token: string): void {
  const config = {
    listen: `127.0.0.1:${port}`,
    authorization: { token },
    jetstream: { store_dir: storeDir, max_memory_store: 256 * 1024 * 1024 },
    pid_file: `${storeDir}.pid`,
  };
  writeFileSync(`${storeDir}.conf`, JSON.stringify(config, undefined, 2), { mode: 0o600 });
}

/** Ends a server that a killed launcher left on this store. */
async function clearLeftover(storeDir: string): Promise<void> {
  let pid = 0;
  try {
    pid = Number.parseInt(readFileSync(`${storeDir}.pid`, 'utf8'), 10) || 0;
  } catch {
    // No file: no process.
  }
  if (pid && commandLine(pid).includes(`${storeDir}.conf`)) await stopPid(pid, STOP_NATS);
}

function launch(binary: string, storeDir: string): ChildProcess {
  const log = openSync(`${storeDir}.log`, 'w', 0o600);
  const child = spawn(binary, ['-c', `${storeDir}.conf`], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  guard(child, 'SIGTERM', 'SIGKILL');
  return child;
}

/** A server greets every connection with INFO; it does so only when its streams are recovered. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('data', (data) => answer(data.toString().startsWith('INFO ')));
    socket.once('error', () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
  });
}

async function startOn(binary: string, storeDir: string, port: number): Promise<ChildProcess> {
  const child = launch(binary, storeDir);
  while (!(await greets(port))) {
    if (hasExited(child))
      throw new LaunchError(
        `nats-server (${binary}) did not start. Its last words (${storeDir}.log):\n${lastLines(`${storeDir}.log`)}`,
      );
    await pause(10);
  }
  return child;
}

/** Starts a real nats-server on a free port of the loopback, with a random token. */
export async function startNats({ binary, storeDir }: NatsOptions): Promise<Nats> {
  mkdirSync(storeDir, { recursive: true, mode: 0o700 });
  await clearLeftover(storeDir);
  const [port, token] = [await freePort(), randomBytes(24).toString('base64url')];
  writeConfig(storeDir, port, token);
  let child = await startOn(binary, storeDir, port);
  const restart = async (
    signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
    between = (): void => undefined,
  ): Promise<void> => {
    await stopChild(child, [[signal, 10_000]]);
    between();
    child = await startOn(binary, storeDir, port);
  };
  return {
    url: `nats://${token}@127.0.0.1:${port}`,
    binary,
    get pid() {
      return child.pid ?? 0;
    },
    stop: () => stopChild(child, STOP_NATS),
    restart: (signal) => restart(signal),
    wipe: () => restart('SIGKILL', () => rmSync(storeDir, { recursive: true, force: true })),
  };
}
