import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.js';

/** What a service says of its clock. */
interface Reading {
  now: string;
  waiting: Record<string, number>;
  done: number;
  nextDue: string | null;
}

/** Something still to do after this long is stuck. Milliseconds of real time. */
const PATIENCE = 60_000;

/** Moves the virtual clock of a whole suite: all services to the next due moment, until all is quiet, and on. */
export class SuiteClock {
  constructor(
    private readonly services: readonly Api[],
    private current: Date,
  ) {}

  get now(): Date {
    return this.current;
  }

  /** Goes to `target` by way of every due moment before it; `onMoment` hears of each. */
  async advanceTo(target: Date, onMoment: (now: Date) => void = () => undefined): Promise<void> {
    for (;;) {
      const due = await this.quiet();
      if (this.current >= target) return;
      await this.move(due && due < target ? due : target);
      onMoment(this.current);
    }
  }

  /** Goes to the next due moment, if any; returns it. */
  async next(): Promise<Date | null> {
    const due = await this.quiet();
    if (!due) return null;
    await this.move(due);
    await this.quiet();
    return due;
  }

  /**
   * Waits until no service has anything to do at this moment and returns when the next thing falls due.
   * Two readings in a row must show nothing waiting and nothing handled between them: a message cannot hide in transit.
   */
  async quiet(): Promise<Date | null> {
    const patience = performance.now() + PATIENCE;
    for (let before = -1; ;) {
      const readings = await Promise.all(this.services.map((api) => api.get<Reading>('/clock')));
      const done = readings.reduce((sum, reading) => sum + reading.done, 0);
      const busy = readings.some(({ waiting }) => Object.keys(waiting).length > 0);
      if (!busy && done === before) return earliest(readings);
      before = busy ? -1 : done;
      if (performance.now() > patience)
        throw new Error(`The suite does not come to rest: ${describe(readings)}`);
      await pause(busy ? 4 : 1);
    }
  }

  private async move(to: Date): Promise<void> {
    // A thing that fell due before now is handled now; the clock itself never goes back.
    this.current = to > this.current ? to : this.current;
    const now = this.current.toISOString();
    await Promise.all(this.services.map((api) => api.put('/clock', { now })));
  }
}

function earliest(readings: readonly Reading[]): Date | null {
  const dues = readings.flatMap(({ nextDue }) => nextDue ?? []).sort();
  return dues[0] === undefined ? null : new Date(dues[0]);
}

const describe = (readings: readonly Reading[]): string =>
  JSON.stringify(readings.map(({ waiting }) => waiting));
