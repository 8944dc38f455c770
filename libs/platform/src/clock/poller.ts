import type { Logger } from '../logging.js';

export interface PollerOptions {
  name: string;
  /** Does one batch; returns how many items it handled. Called again at once until it says 0. */
  work: () => Promise<number>;
  /** When the next item falls due on the domain clock; null when nothing waits. Lets virtual time jump there. */
  nextDue?: () => Promise<Date | null>;
  /** The poll is the truth; a hint only shortens the wait. Milliseconds of real time. */
  everyMs?: number;
  logger: Logger;
}

/**
 * Runs `work` now and again, at once after a hint, never twice at a time.
 * Failures are logged and retried at the next poll; nothing is swallowed silently.
 */
export class Poller {
  readonly name: string;
  /** Items handled since the start; two equal readings with `idle` mean nothing moved between them. */
  done = 0;
  private dirty = true;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(private readonly options: PollerOptions) {
    this.name = options.name;
  }

  get idle(): boolean {
    return !this.dirty && this.running === null;
  }

  start(): void {
    this.stopped = false;
    this.hint();
  }

  /** Something may be there to do. */
  hint(): void {
    this.dirty = true;
    if (this.stopped || this.running) return;
    this.running = this.drain().finally(() => {
      this.running = null;
      this.schedule();
    });
  }

  nextDue(): Promise<Date | null> {
    return this.options.nextDue?.() ?? Promise.resolve(null);
  }

  /** Waits for the batch at hand, then never works again. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    if (this.stopped) return;
    if (this.dirty && !this.failed) return this.hint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hint(), this.options.everyMs ?? 500);
  }

  private failed = false;

  private async drain(): Promise<void> {
    this.failed = false;
    try {
      while (this.dirty && !this.stopped) await this.drainOnce();
    } catch (error) {
      // Stays dirty: quiet must not be reported while work is left behind a failure.
      this.dirty = true;
      this.failed = true;
      this.options.logger.error({ err: error, poller: this.name }, 'poller failed; it tries again');
    }
  }

  private async drainOnce(): Promise<void> {
    this.dirty = false;
    for (let handled = -1; handled !== 0 && !this.stopped;) {
      handled = await this.options.work();
      this.done += handled;
    }
  }
}
