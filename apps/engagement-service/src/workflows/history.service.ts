import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, ENV, Pollers } from '#libs/platform';
import type { Env } from '../env.js';
import * as query from './history.query.js';
import { pruneLeftovers } from './leftovers.query.js';

const HOUR_MS = 3_600_000;
/** This month and the two to come. */
const AHEAD = [0, 1, 2];

/** Keeps the history of runs in months: makes the coming ones, drops those whose time has come, and what belonged to runs that are gone. */
@Injectable()
export class HistoryService implements OnModuleInit {
  private prunedAt = 0;

  constructor(
    private readonly database: DataSource,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'HISTORY_MONTHS'>,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'workflow history', work: () => this.keep(), everyMs: HOUR_MS });
  }

  /** One round, at most once an hour of domain time; returns how much was made or dropped. */
  async keep(): Promise<number> {
    const now = this.clock.now();
    // Every move of a virtual clock wakes all pollers: months must not be looked at each time.
    if (Math.abs(now.getTime() - this.prunedAt) < HOUR_MS) return 0;
    const done = await this.database.transaction((manager) => this.round(manager, now));
    if (done === 0) this.prunedAt = now.getTime();
    return done;
  }

  private async round(manager: EntityManager, now: Date): Promise<number> {
    if (!(await query.lockHistory(manager))) return 0;
    const before = query.monthOf(now, -this.env.HISTORY_MONTHS).from;
    const months = await this.turnMonths(manager, now, query.monthOf(before).table);
    const runs = await query.pruneRuns(manager, before);
    const marks = await query.pruneMarks(manager, before);
    const leftovers = await pruneLeftovers(manager, before, now);
    return months + runs + marks + leftovers + (await query.pruneDefault(manager, before));
  }

  private async turnMonths(manager: EntityManager, now: Date, oldestKept: string): Promise<number> {
    const standing = await query.standingMonths(manager);
    const coming = AHEAD.map((ahead) => query.monthOf(now, ahead)).filter(
      ({ table }) => !standing.includes(table),
    );
    for (const month of coming) await query.createMonth(manager, month);
    const past = standing.filter((table) => table < oldestKept);
    for (const table of past) await query.dropMonth(manager, table);
    return coming.length + past.length;
  }
}
