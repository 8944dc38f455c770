import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { LOGGER } from '../logging.js';
import type { Logger } from '../logging.js';
import { Poller } from './poller.js';
import type { PollerOptions } from './poller.js';

/** Something other than a poller that may hold work back, such as messages on their way to a consumer. */
export interface Pending {
  name: string;
  /** How many items wait, and a counter that moves whenever one is handled. */
  measure: () => Promise<{ waiting: number; done: number }>;
}

/** What a service still has to do at this moment of its clock. */
export interface Activity {
  waiting: Record<string, number>;
  done: number;
  nextDue: Date | null;
}

/** All background work of a service: one list to start, stop, wake and watch. */
@Injectable()
export class Pollers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pollers: Poller[] = [];
  private readonly pending: Pending[] = [];
  private started = false;

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  add(options: Omit<PollerOptions, 'logger'>): Poller {
    const poller = new Poller({ ...options, logger: this.logger });
    this.pollers.push(poller);
    if (this.started) poller.start();
    return poller;
  }

  watch(pending: Pending): void {
    this.pending.push(pending);
  }

  onApplicationBootstrap(): void {
    this.started = true;
    for (const poller of this.pollers) poller.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pollers.map((poller) => poller.stop()));
  }

  hintAll(): void {
    for (const poller of this.pollers) poller.hint();
  }

  /** `nextDue` is only worked out when nothing waits: it is the moment to move on to. */
  async activity(): Promise<Activity> {
    const waiting: Record<string, number> = {};
    let done = 0;
    for (const poller of this.pollers) {
      if (!poller.idle) waiting[poller.name] = 1;
      done += poller.done;
    }
    const measured = await Promise.all(
      this.pending.map(async (p) => ({ name: p.name, ...(await p.measure()) })),
    );
    for (const item of measured) {
      if (item.waiting > 0) waiting[item.name] = item.waiting;
      done += item.done;
    }
    const quiet = Object.keys(waiting).length === 0;
    return { waiting, done, nextDue: quiet ? await this.earliest() : null };
  }

  private async earliest(): Promise<Date | null> {
    const dues = await Promise.all(this.pollers.map((poller) => poller.nextDue()));
    return dues.reduce((first, due) => (due && (!first || due < first) ? due : first), null);
  }
}
