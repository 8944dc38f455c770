import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { guard } from '../embedded/guard.js';
import { lastLines } from '../embedded/log-tail.js';
import { hasExited, stopChild } from '../embedded/processes.js';
import { LaunchError } from '../errors.js';
import { statusOf } from './http.js';

/** One service to run as a process. */
export interface ServiceOptions {
  /** `engagement-service` */
  readonly name: string;
  /** The program to run with Node. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it answers. */
  readonly url: string;
  readonly log: string;
  readonly signal?: AbortSignal | undefined;
  /** Told when the process ends although nobody asked it to. */
  readonly onCrash?: ((crash: LaunchError) => void) | undefined;
}

/** A service that runs as a process of its own. */
export interface Service {
  readonly pid: number;
  readonly log: string;
  /** Sends a signal and resolves when the process has exited. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it if it runs, starts it again on the same port, and resolves when it is ready. */
  restart(): Promise<void>;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

const STOP_SERVICE = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** A service that is not ready by then will not become so. */
const START_PATIENCE = 90_000;

/** A batch makes much that is soon gone: with more room for the young less of it is copied (a tenth less CPU when scoring). */
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];

function launch({ script, env, log }: ServiceOptions): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [...FLAGS, script], {
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  guard(child, 'SIGTERM', 'SIGKILL');
  return child;
}

function explain({ name, log }: ServiceOptions, what: string): LaunchError {
  return new LaunchError(`${name} ${what}. Its last words (all of them in ${log}):\n${lastLines(log)}`);
}

async function waitUntilReady(options: ServiceOptions, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_PATIENCE;
  while ((await statusOf(`${options.url}/health/ready`)) !== 200) {
    options.signal?.throwIfAborted();
    if (hasExited(child))
      throw explain(options, `ended while it started (${child.signalCode ?? `exit code ${child.exitCode}`})`);
    if (performance.now() > deadline)
      throw explain(options, `was not ready after ${START_PATIENCE / 1_000} s`);
    await pause(50);
  }
}

/** The log of the run before stays beside the new one. */
function turnLog(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) renameSync(path, `${path}.1`);
}

/** Starts a service and resolves at once; `ready` tells when it answers, or why it does not. */
export function startService(options: ServiceOptions): { service: Service; ready: Promise<void> } {
  turnLog(options.log);
  let child = launch(options);
  let asked = false;
  const watch = (): void => {
    asked = false;
    child.once('exit', (code, signal) => {
      if (!asked) options.onCrash?.(explain(options, `ended by itself (${signal ?? `exit code ${code}`})`));
    });
  };
  const end = (persuasion: Parameters<typeof stopChild>[1]): Promise<void> => {
    asked = true;
    return stopChild(child, persuasion);
  };
  watch();
  const service: Service = {
    get pid() {
      return child.pid ?? 0;
    },
    log: options.log,
    kill: (signal = 'SIGKILL') => end([[signal, 30_000]]),
    restart: async () => {
      await end(STOP_SERVICE);
      child = launch(options);
      watch();
      await waitUntilReady(options, child);
    },
    stop: () => end(STOP_SERVICE),
  };
  const ready = waitUntilReady(options, child);
  // Whoever waits hears of a failure; when nobody waits any more, another failure is already being told.
  ready.catch(() => undefined);
  return { service, ready };
}
