import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Pollers } from '#libs/platform';
import { DriverService } from './driver.service.js';
import { ExpansionsService } from './expansions.service.js';
import * as query from './runs.query.js';
import { SchedulesService } from './schedules.service.js';

const BATCH = 300;

/** The pollers behind workflows: due waits, schedules, fan-outs. */
@Injectable()
export class TimersService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly driver: DriverService,
    private readonly schedules: SchedulesService,
    private readonly expansions: ExpansionsService,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const timers = this.pollers.add({
      name: 'workflow timers',
      work: () => this.fireDue(),
      nextDue: () => query.nextDue(this.database.manager),
    });
    const { schedules } = this;
    // A schedule names minutes: looking every few seconds is soon enough, and spares the database.
    this.pollers.add({ name: 'workflow schedules', work: () => schedules.fireDue(), nextDue: () => schedules.nextDue(), everyMs: 5_000 });
    const expansions = this.pollers.add({ name: 'workflow fan-outs', work: () => this.expansions.work() });
    this.driver.onWork(
      () => timers.hint(),
      () => expansions.hint(),
    );
    this.expansions.onWork(() => expansions.hint());
  }

  /** People waiting for the same minute share one wake-up: one batch, one transaction. */
  private async fireDue(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const due = await query.claimDue(manager, this.clock.now(), BATCH);
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
