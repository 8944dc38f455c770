import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { addDuration, localDate, localToInstant, parseDuration } from '#libs/calendar';
import { Clock, Pollers, afterCommit, notFound } from '#libs/platform';
import type { Caller, Poller } from '#libs/platform';
import { budgetNames } from '#libs/scoring';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { LedgerAlarm } from './alarm.js';
import { differingBalances, nextStretch, rebuildBalances } from './balances.query.js';
import type { Stretch } from './balances.query.js';
import { differingBudgets } from './budgets.query.js';
import { expire } from './expiry.query.js';
import * as query from './jobs.query.js';
import type { LedgerDifference, LedgerJob } from './ledger.js';

const PAGE = 1_000;
/** When nobody works: local time of the programme. */
const NIGHT = '03:00';
const EVERY_MS = 30_000;

/** Work on the whole ledger in pages of a thousand people: the nightly check, rebuilding balances, and points that expire. */
@Injectable()
export class LedgerJobsService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly alarm: LedgerAlarm,
    private readonly audit: Audit,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  // The check need not see every night of a virtual clock: a jump over months is checked once, where it lands.
  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'ledger jobs', work: () => this.work(), everyMs: EVERY_MS });
    this.pollers.add({
      name: 'points expiry',
      work: () => this.openExpiry(),
      nextDue: () => this.nextExpiry(),
      everyMs: EVERY_MS,
    });
  }

  /** Starts a check, or a rebuild of the balances and budgets, at once. */
  async order(who: Caller, job: 'verification' | 'rebuild'): Promise<LedgerJob> {
    return this.database.transaction(async (manager) => {
      const opened = await query.openJob(manager, { job, night: null, cutoff: null }, this.clock.now());
      await this.audit.note(manager, { who, action: job, what: 'ledger', before: null, after: opened });
      afterCommit(manager, () => this.poller.hint());
      return opened!;
    });
  }

  list(limit: number): Promise<LedgerJob[]> {
    return query.listJobs(this.database.manager, ['verification', 'rebuild'], limit);
  }

  /** Throws `verification_unknown`. */
  async get(id: string): Promise<LedgerJob & { found: LedgerDifference[] }> {
    const job = await query.readJob(this.database.manager, id);
    if (!job) throw notFound('verification', id);
    return job;
  }

  private async work(): Promise<number> {
    const night = this.lastNight();
    if (!(await query.hasNight(this.database.manager, 'verification', night.date)))
      await query.openJob(
        this.database.manager,
        { job: 'verification', night: night.date, cutoff: null },
        this.clock.now(),
      );
    return this.database.transaction(async (manager) => {
      const job = await query.claimJob(manager);
      if (!job) return 0;
      await this.page(manager, job);
      return 1;
    });
  }

  private async page(manager: EntityManager, job: LedgerJob): Promise<void> {
    const stretch = await nextStretch(manager, job.cursor, PAGE);
    const isLast = stretch.last === null;
    const differences = [
      ...(await this.workStretch(manager, job, stretch)),
      ...(isLast ? await this.budgets(manager, job) : []),
    ];
    const endedAt = isLast ? this.clock.now() : null;
    await query.checkpoint(manager, job.id, {
      cursor: stretch.last,
      people: stretch.people,
      differences,
      endedAt,
    });
    if (job.job === 'verification') await this.alarm.raise(manager, job, differences);
  }

  private async workStretch(
    manager: EntityManager,
    job: LedgerJob,
    stretch: Stretch,
  ): Promise<LedgerDifference[]> {
    if (job.job === 'verification') return differingBalances(manager, stretch);
    if (job.job === 'rebuild') return rebuildBalances(manager, stretch);
    await expire(manager, stretch, { night: job.night!, cutoff: job.cutoff! }, this.clock.now());
    return [];
  }

  private async budgets(manager: EntityManager, { job }: LedgerJob): Promise<LedgerDifference[]> {
    if (job === 'expiry') return [];
    const { zone, points } = this.programme.settings;
    const names = budgetNames(this.programme.rules, points?.budgets);
    return differingBudgets(
      manager,
      { zone, names },
      { now: this.clock.now().getTime(), mend: job === 'rebuild' },
    );
  }

  private async openExpiry(): Promise<number> {
    const after = this.programme.settings.points?.expire_after;
    if (after === undefined) return 0;
    const { date, at } = this.lastNight();
    const { manager } = this.database;
    if (await query.hasNight(manager, 'expiry', date)) return 0;
    const cutoff = new Date(this.before(at, after));
    const opened = await query.openJob(manager, { job: 'expiry', night: date, cutoff }, this.clock.now());
    this.poller.hint();
    return opened ? 1 : 0;
  }

  private before(at: number, text: string): number {
    const parsed = parseDuration(text);
    const { months, days, ms } = parsed.ok ? parsed.duration : { months: 0, days: 0, ms: 0 };
    return addDuration(at, { months: -months, days: -days, ms: -ms }, this.programme.settings.zone);
  }

  /** The last time the night came, with the local date it came on. */
  private lastNight(): { date: string; at: number } {
    const { zone } = this.programme.settings;
    const now = this.clock.now().getTime();
    const today = localDate(now, zone);
    const at = localToInstant(today, NIGHT, zone);
    if (at <= now) return { date: today, at };
    const before = addDuration(at, { months: 0, days: -1, ms: 0 }, zone);
    return { date: localDate(before, zone), at: before };
  }

  private async nextExpiry(): Promise<Date | null> {
    const { points, zone } = this.programme.settings;
    if (points?.expire_after === undefined) return null;
    const { date, at } = this.lastNight();
    const isDone = await query.hasNight(this.database.manager, 'expiry', date);
    return new Date(isDone ? addDuration(at, { months: 0, days: 1, ms: 0 }, zone) : at);
  }
}
