import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Pollers } from '#libs/platform';
import { readClosed } from '../steering/gate.query.js';
import { CarefulDriver } from './careful.service.js';
import { EarsService } from './ears.service.js';
import { lockDeferred } from './hearing.query.js';
import { lockRuns } from './runs.query.js';

const BATCH = 100;

/** Gives runs what was kept for them when it came just as they were resumed, so that resuming could not give it to them. */
@Injectable()
export class DeferredService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly ears: EarsService,
    private readonly driver: CarefulDriver,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'deferred events', work: () => this.hear(), everyMs: 5_000 });
  }

  private hear(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const closed = await readClosed(manager);
      if (closed.all) return 0;
      const ids = await lockDeferred(manager, closed.workflows, BATCH);
      if (ids.length === 0) return 0;
      const runs = await lockRuns(manager, ids);
      await this.driver.move(manager, await this.ears.deferred(manager, runs));
      return ids.length;
    });
  }
}
