import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { Clock, LOGGER, Pollers } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { readClosed } from '../steering/gate.query.js';
import { DriverService } from './driver.service.js';
import { ExpansionsService } from './expansions.service.js';
import { QueueService } from './queue.service.js';
import * as query from './runs.query.js';
import { SchedulesService } from './schedules.service.js';

const BATCH = 1_000;
/** While PostgreSQL stores one batch the next is advanced; `SKIP LOCKED` keeps them apart, as it does replicas. */
const AT_ONCE = 2;

/** The pollers behind workflows: due waits, schedules, fan-outs, queues. */
@Injectable()
export class TimersService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly driver: DriverService,
    private readonly schedules: SchedulesService,
    private readonly expansions: ExpansionsService,
    private readonly queue: QueueService,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const timers = this.pollers.add({
      name: 'workflow timers',
      work: () => this.fireTogether(),
      nextDue: () => this.nextDue(),
    });
    const { schedules } = this;
    // A schedule names minutes: looking every few seconds is soon enough, and spares the database.
    this.pollers.add({
      name: 'workflow schedules',
      work: () => schedules.fireDue(),
      nextDue: () => schedules.nextDue(),
      everyMs: 5_000,
    });
    const expansions = this.pollers.add({ name: 'workflow fan-outs', work: () => this.expansions.work() });
    // A run that could not be carried on with calls nobody when it ends.
    this.pollers.add({ name: 'workflow queues', work: () => this.callStranded(), everyMs: 5_000 });
    // Another replica may be at a page, which makes this one's poller idle and the moment no quieter.
    this.pollers.watch({
      name: 'open fan-outs',
      measure: async () => ({ waiting: await this.expansions.open(), done: 0 }),
    });
    this.driver.onWork(
      () => timers.hint(),
      () => expansions.hint(),
    );
    this.expansions.onWork(() => expansions.hint());
  }

  private callStranded(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const turns = await this.queue.strandedTurns(manager);
      if (turns.length > 0) await this.driver.move(manager, turns);
      return turns.length;
    });
  }

  private async nextDue(): Promise<Date | null> {
    const { all, workflows } = await readClosed(this.database.manager);
    return all ? null : query.nextDue(this.database.manager, workflows);
  }

  private async fireTogether(): Promise<number> {
    const fired = await Promise.all(Array.from({ length: AT_ONCE }, () => this.fireDue()));
    return fired.reduce((sum, count) => sum + count, 0);
  }

  /**
   * People waiting for the same minute share one wake-up: one batch, one transaction. A batch that cannot be stored is taken in
   * smaller ones, down to the one run that is to blame: it fails with its reason and holds nobody up.
   */
  private async fireDue(limit = BATCH): Promise<number> {
    const claimed: query.Stuck[] = [];
    try {
      return await this.fire(limit, claimed);
    } catch (error) {
      if (isInfrastructure(error) || claimed[0] === undefined) throw error;
      if (limit === 1) return this.fail(claimed[0], error as Error);
      this.logger.warn(
        { err: error, limit },
        'a batch of runs could not go on; they are taken in smaller ones',
      );
      return this.fireDue(Math.ceil(limit / 10));
    }
  }

  private async fail(stuck: query.Stuck, { message }: Error): Promise<number> {
    await query.failRun(this.database.manager, stuck, `could not go on: ${message}`, this.clock.now());
    return 1;
  }

  /** `claimed` learns which runs were taken and where they stood, for whoever has to clear up after a failure. */
  private async fire(limit: number, claimed: query.Stuck[]): Promise<number> {
    return this.database.transaction(async (manager) => {
      const closed = await readClosed(manager);
      if (closed.all) return 0;
      const due = await query.claimDue(manager, this.clock.now(), limit, closed.workflows);
      claimed.push(...due.map(({ run: { id, cursor: step, dueAt } }) => ({ id, step, dueAt })));
      if (due.length === 0) return 0;
      const turns = due.map((stored) => {
        const { cursor, dueAt } = stored.run;
        return { ...stored, input: { type: 'timerFired', stepId: cursor!, dueAt: dueAt! } as const };
      });
      await this.driver.move(manager, turns);
      return due.length;
    });
  }
}
