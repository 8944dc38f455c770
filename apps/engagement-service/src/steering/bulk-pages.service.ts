import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { DomainError, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { HandsService } from './hands.service.js';
import type { Order } from './orders.js';
import type { Condition } from './run-filter.js';
import { lockFitting } from './steering.query.js';

const PAGE = 500;
const TRIES = 3;

/** A run to which nothing could be done, and why. */
export interface FailedRun {
  run: string;
  reason: string;
}

/** Does one thing to very many runs, in pages of a transaction each. */
@Injectable()
export class BulkPages {
  constructor(
    private readonly database: DataSource,
    private readonly hands: HandsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** To those of these runs that still meet the condition when their turn comes. Returns how many have changed; adds to `failed`. */
  async run(
    order: Order,
    ids: readonly string[],
    condition: Condition,
    failed: FailedRun[],
  ): Promise<number> {
    return this.inParts({ order, condition, failed }, ids, PAGE);
  }

  private async inParts(task: Task, ids: readonly string[], size: number): Promise<number> {
    let changed = 0;
    for (let from = 0; from < ids.length; from += size)
      changed += await this.page(task, ids.slice(from, from + size));
    return changed;
  }

  /** One transaction; when it cannot be stored, smaller ones, down to the run that is to blame. */
  private async page(task: Task, ids: readonly string[], tries = TRIES): Promise<number> {
    try {
      return await this.database.transaction(async (manager) => {
        const fitting = await lockFitting(manager, ids, task.condition);
        return (await this.hands.apply(manager, task.order, fitting)).length;
      });
    } catch (error) {
      if (isInfrastructure(error) && tries > 1) return this.page(task, ids, tries - 1);
      if (isInfrastructure(error) || isRefused(error)) throw error;
      this.logger.warn({ err: error, runs: ids.length }, 'runs could not be steered together');
      if (ids.length > 1) return this.inParts(task, ids, Math.ceil(ids.length / 10));
      task.failed.push({ run: ids[0]!, reason: (error as Error).message });
      return 0;
    }
  }
}

interface Task {
  order: Order;
  condition: Condition;
  failed: FailedRun[];
}

/** What is stopped is stopped for every run. */
const isRefused = (error: unknown): boolean => error instanceof DomainError && error.code === 'stopped';
