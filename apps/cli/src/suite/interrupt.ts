import { setInterval } from 'node:timers';
import type { Env } from '../env.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm, when it is told to end, leaves the command it runs behind: an adopted command ends itself. */
function watchParent(env: Env, end: () => void): void {
  if (!env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid !== parent && end(), 500);
  timer.unref();
}

/**
 * A signal that aborts at the first Ctrl-C (or SIGTERM, or a closed terminal), so that everything can be stopped in order.
 * The second Ctrl-C does not wait: the guards of the children then end them.
 */
export function interruption(env: Env): AbortSignal {
  const controller = new AbortController();
  const end = (): void => {
    // npm passes on a Ctrl-C that the terminal has sent us already: only one that comes later is a second one.
    if (!controller.signal.aborted) controller.abort(new Interrupted());
  };
  // A closed terminal takes no more words; that must not keep us from stopping in order.
  process.stdout.on('error', () => undefined);
  let first = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      first ||= performance.now();
      if (controller.signal.aborted && performance.now() - first > 500) process.exit(130);
      end();
    });
  }
  watchParent(env, end);
  return controller.signal;
}

/** Why a start was called off: the user wants to leave. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** Resolves when the signal aborts; keeps the process alive until then. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

/** Joins a crash to the wait for Ctrl-C: `until` resolves at the signal and rejects at the first crash. */
export class CrashWatch {
  private reject: (crash: Error) => void = () => undefined;
  private readonly crashed = new Promise<never>((_, reject) => (this.reject = reject));

  constructor() {
    // A crash while nobody waits yet is told when somebody does.
    this.crashed.catch(() => undefined);
  }

  readonly onCrash = (crash: Error): void => this.reject(crash);

  until(signal: AbortSignal): Promise<void> {
    return Promise.race([untilAborted(signal), this.crashed]);
  }
}
