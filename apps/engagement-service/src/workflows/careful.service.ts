import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { Clock, LOGGER, withSavepoint } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { DriverService } from './driver.service.js';
import * as query from './runs.query.js';
import type { StoredRun } from './runs.query.js';
import { insertRuns } from './runs-store.query.js';
import type { Turn } from './turns.js';

/**
 * Moves and begins runs that share an event: one that cannot go on fails with its reason and keeps the event from nobody else.
 * What is not the runs' own fault (a database that is away) is thrown.
 */
@Injectable()
export class CarefulDriver {
  constructor(
    private readonly driver: DriverService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Advances stored (locked) runs, all at once if that can be, otherwise each for itself. */
  async move(manager: EntityManager, turns: readonly Turn[]): Promise<void> {
    if (turns.length === 0) return;
    try {
      await withSavepoint(manager, (inner) => this.driver.move(inner, turns));
    } catch (error) {
      this.refuse(error, turns.length);
      for (const turn of turns) await this.moveOne(manager, turn);
    }
  }

  /** Does `begin` for all of these new runs, or for each; returns the ids that it returns. */
  async begin(
    manager: EntityManager,
    runs: readonly StoredRun[],
    begin: (manager: EntityManager, runs: readonly StoredRun[]) => Promise<Set<string>>,
  ): Promise<Set<string>> {
    if (runs.length === 0) return new Set();
    try {
      return await withSavepoint(manager, (inner) => begin(inner, runs));
    } catch (error) {
      this.refuse(error, runs.length);
      const refused = new Set<string>();
      for (const stored of runs)
        for (const id of await this.beginOne(manager, stored, begin)) refused.add(id);
      return refused;
    }
  }

  private async moveOne(manager: EntityManager, turn: Turn): Promise<void> {
    // A run before it may have moved or ended it.
    const [stored] = await query.lockRuns(manager, [turn.run.id]);
    if (!stored) return;
    try {
      await withSavepoint(manager, (inner) => this.driver.move(inner, [{ ...turn, ...stored }]));
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      const { id, cursor: step, dueAt } = stored.run;
      await query.failRun(manager, { id, step, dueAt }, wordsOf(error), this.clock.now());
    }
  }

  private async beginOne(
    manager: EntityManager,
    stored: StoredRun,
    begin: (manager: EntityManager, runs: readonly StoredRun[]) => Promise<Set<string>>,
  ): Promise<Set<string>> {
    try {
      return await withSavepoint(manager, (inner) => begin(inner, [stored]));
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      const now = this.clock.now();
      const reason = wordsOf(error);
      const log = [{ stepId: null, kind: 'run', at: now.getTime(), outcome: 'failed' as const, reason }];
      await insertRuns(manager, [{ ...stored, run: { ...stored.run, status: 'failed', reason }, log }], now);
      return new Set();
    }
  }

  private refuse(error: unknown, count: number): void {
    if (isInfrastructure(error)) throw error;
    this.logger.warn({ err: error, count }, 'runs could not go on together; they are taken one by one');
  }
}

const wordsOf = (error: unknown): string => `could not go on: ${(error as Error).message}`;
