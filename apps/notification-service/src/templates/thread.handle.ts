import { Worker } from 'node:worker_threads';
import { errorFrom, progressOf } from './thread.messages.js';
import type { ErrorAsData, Kind, Questions } from './thread.messages.js';

/** What the templates of a thread may take. */
export interface ThreadLimits {
  /** For one letter, in milliseconds. */
  letterMs: number;
  /** For reading and compiling, in milliseconds. */
  loadMs: number;
  memoryMb: number;
}

/** A thread was stopped, or went down: it took too long or too much. */
export class ThreadDown extends Error {
  constructor(
    message: string,
    /** Which of the orders it was at. */
    readonly at: number,
  ) {
    super(message);
  }
}

const LOOKS = 4;

/** One thread, one question at a time. After a `ThreadDown` it is gone for good. */
export class Thread {
  private readonly memory = new SharedArrayBuffer(4);
  private readonly progress = progressOf(this.memory);
  private readonly worker: Worker;

  constructor(private readonly limits: ThreadLimits) {
    this.worker = new Worker(threadFile, {
      workerData: { memory: this.memory },
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb },
      // Nothing of the service's environment is a template's business.
      env: {},
    });
    this.worker.unref();
  }

  /** Throws what the thread threw, or a ThreadDown. */
  ask<K extends Kind>(kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    const limit = kind === 'write' ? this.limits.letterMs : this.limits.loadMs;
    Atomics.store(this.progress, 0, -1);
    return new Promise<Questions[K]['answer']>((resolve, reject) => {
      const down = (why: string): void => {
        finish();
        reject(new ThreadDown(why, Math.max(Atomics.load(this.progress, 0), 0)));
        void this.close();
      };
      const watch = this.watch(limit, () => down(`it took longer than ${limit / 1000} s and was stopped`));
      const answered = (message: { answer: Questions[K]['answer'] } | { error: ErrorAsData }): void => {
        finish();
        if ('error' in message) reject(errorFrom(message.error));
        else resolve(message.answer);
      };
      const failed = (error: Error & { code?: string }): void =>
        down(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `it took more than ${this.limits.memoryMb} MB`
            : error.message,
        );
      const left = (): void => down('its thread ended');
      const finish = (): void => {
        clearInterval(watch);
        this.worker.off('message', answered).off('error', failed).off('exit', left);
      };
      this.worker.on('message', answered).on('error', failed).on('exit', left);
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- windows have origins, threads have none
      this.worker.postMessage({ kind, ask });
    });
  }

  async close(): Promise<void> {
    // Without a listener a last error of a dying thread would take the process along.
    this.worker.on('error', () => undefined);
    await this.worker.terminate();
  }

  /** Looks now and then whether the thread still moves. Standing still is counted in looks: a process that was held up itself must not blame the thread. */
  private watch(limit: number, stands: () => void): NodeJS.Timeout {
    let [at, looks] = [-1, 0];
    return setInterval(() => {
      const now = Atomics.load(this.progress, 0);
      looks = now === at ? looks + 1 : 0;
      at = now;
      if (looks >= LOOKS) stands();
    }, limit / LOOKS);
  }
}

/** Threads run built files: from the sources, the build stands beside them. */
const threadFile = new URL(
  import.meta.url.endsWith('.ts')
    ? '../../../../dist/apps/notification-service/src/templates/thread.js'
    : './thread.js',
  import.meta.url,
);
