import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV, LOGGER, Metrics } from '#libs/platform';
import type { Counter, Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { JournalFolder } from './journal-folder.js';
import { writeVisit } from './journal-line.js';
import type { Visit } from './journal-line.js';
import { Journal } from './journal.js';
import type { Segment } from './journal.js';

const BEAT_MS = 5_000;
const MEGABYTE = 1024 * 1024;

/** The journal of this process's clicks, and of dead processes of the same database. */
@Injectable()
export class ClickJournal implements OnModuleInit, OnApplicationShutdown {
  private folder!: JournalFolder;
  private readonly journal: Journal;
  private readonly most: number;
  private readonly lost: Counter;
  private beat: NodeJS.Timeout | undefined;
  private lookAgainAt = 0;
  /** Since the start. */
  kept = 0;
  private appended: () => void = () => undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENV) private readonly env: Env,
    metrics: Metrics,
  ) {
    this.most = env.CLICK_JOURNAL_MB * MEGABYTE;
    this.journal = new Journal({
      folder: () => this.folder.path(),
      fsync: env.CLICK_JOURNAL_FSYNC,
      onFailure: (error) =>
        this.logger.error({ err: error }, 'the journal of clicks cannot be written; clicks wait in memory'),
    });
    const help =
      'Clicks that could not be kept (the journal was full, or a file could not be written); their visitors were sent on.';
    this.lost = metrics.counter({ name: 'laurel_clicks_lost_total', help, labels: [] });
    metrics.gauge('laurel_clicks_waiting', 'Clicks in the journal of this process.', () =>
      Promise.resolve([{ labels: {}, value: this.waiting }]),
    );
  }

  async onModuleInit(): Promise<void> {
    const [row]: { name: string }[] = await this.database.query(
      `SELECT current_database() || '-' || id AS name FROM click_journal`,
    );
    this.folder = new JournalFolder(join(this.env.CLICK_JOURNAL_DIR, row!.name));
    this.beat = setInterval(() => this.heartbeat(), BEAT_MS).unref();
  }

  /** When another process has taken the folder, the open file is left to it; the next click begins a new one in a new folder. */
  private heartbeat(): void {
    try {
      if (!this.folder.beat()) this.journal.seal();
    } catch (error) {
      this.logger.warn({ err: error }, 'the journal of clicks cannot say that this process is alive');
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.beat);
    this.journal.seal();
    this.folder.remove();
  }

  /** Clicks that are not in the database yet. */
  get waiting(): number {
    return this.journal.waiting;
  }

  get halfFull(): boolean {
    return this.journal.bytes > this.most / 2;
  }

  /** Calls `kept` when the visit would outlive this process. A full journal keeps nobody waiting: the visit is counted as lost. */
  append(visit: Visit, kept: () => void): void {
    if (this.journal.bytes > this.most) {
      this.lost.add([]);
      return kept();
    }
    this.kept += 1;
    this.journal.append(writeVisit(visit), kept);
    this.appended();
  }

  onAppended(told: () => void): void {
    this.appended = told;
  }

  seal(): void {
    this.journal.seal();
  }

  ripe(forMs: number): Segment | undefined {
    return this.journal.ripe(forMs);
  }

  forget(segment: Segment): void {
    this.journal.forget(segment);
  }

  /** Keeps it for a person to look at; what stood in memory only is lost. */
  setAside(segment: Segment): void {
    if (!segment.setAside()) this.lost.add([], segment.lines);
  }

  /** Takes in what dead processes have left, now and then. */
  takeOver(): void {
    if (performance.now() < this.lookAgainAt) return;
    this.lookAgainAt = performance.now() + BEAT_MS;
    const left = this.folder.takeOver();
    for (const path of left) this.journal.adopt(path);
    if (left.length > 0)
      this.logger.info({ segments: left.length }, 'took over clicks that a process had left');
  }
}
