import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, isInfrastructure } from '#libs/messaging';
import { ENV, LOGGER, Pollers } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { hasteOf } from '../env.js';
import type { Env } from '../env.js';
import { ClickJournal } from './click-journal.js';
import { readVisits } from './journal-line.js';
import type { Segment } from './journal.js';
import { settleVisits } from './judging.js';

const LOOK_EVERY_MS = 500;
/** While more than so many visitors come in a second, the drain rests so many times as long as it works. */
const BUSY = 100;
const REST = 20;
const LONGEST_REST_MS = 5_000;

/** Brings clicks from the journal into the database, a segment in a transaction; what was brought before is not brought again. */
@Injectable()
export class ClickDrain implements OnModuleInit, BeforeApplicationShutdown {
  private readonly haste: number;
  private stored = 0;

  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly journal: ClickJournal,
    private readonly pollers: Pollers,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENV) env: Env,
  ) {
    this.haste = hasteOf(env);
  }

  onModuleInit(): void {
    const poller = this.pollers.add({ name: 'clicks', work: () => this.work(), everyMs: LOOK_EVERY_MS });
    if (this.haste === 0) this.journal.onAppended(() => poller.hint());
    const measure = (): Promise<{ waiting: number; done: number }> =>
      Promise.resolve({ waiting: this.journal.waiting, done: this.stored });
    this.pollers.watch({ name: 'journal of clicks', measure });
  }

  /** Takes no more time to judge: who scales in may take the disk away. What a failing database leaves is adopted at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    try {
      // Only what waits now: while visitors still come in, the journal would never be empty.
      for (let left = this.journal.waiting; left > 0;) {
        const taken = await this.drain(0);
        if (taken === 0) break;
        left -= taken;
      }
    } catch (error) {
      this.logger.warn(
        { err: error, clicks: this.journal.waiting },
        'clicks wait in the journal for the next start',
      );
    }
  }

  private async work(): Promise<number> {
    this.journal.takeOver();
    const [begin, kept] = [performance.now(), this.journal.kept];
    const taken = await this.drain(this.haste);
    const worked = performance.now() - begin;
    const busy = ((this.journal.kept - kept) * 1000) / worked > BUSY;
    // Who waits for a redirect comes first, as long as the journal is not half full.
    if (taken > 0 && busy && !this.journal.halfFull) await pause(Math.min(worked * REST, LONGEST_REST_MS));
    return taken;
  }

  /** Drains the oldest segment that was sealed so many milliseconds ago; returns its lines. */
  private async drain(sealedForMs: number): Promise<number> {
    this.journal.seal();
    const segment = this.journal.ripe(sealedForMs);
    if (!segment) return 0;
    await this.store(segment);
    this.journal.forget(segment);
    this.stored += segment.lines;
    return Math.max(segment.lines, 1);
  }

  private async store(segment: Segment): Promise<void> {
    const text = this.read(segment);
    if (text === null) return;
    const { visits, torn } = readVisits(text);
    if (torn > 0)
      this.logger.warn({ segment: segment.name, torn }, 'lines of the journal of clicks cannot be read');
    try {
      await this.database.transaction(async (manager) =>
        this.outbox.add(manager, await settleVisits(manager, visits, this.haste)),
      );
      segment.drop();
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      this.journal.setAside(segment);
      this.logger.error(
        { err: error, segment: segment.name },
        'a segment of clicks cannot be stored; it is kept aside',
      );
    }
  }

  /** Null when another process took this one for dead, and has the segment. */
  private read(segment: Segment): string | null {
    try {
      return segment.read();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.logger.warn({ segment: segment.name }, 'another process has taken a segment of clicks over');
      return null;
    }
  }
}
