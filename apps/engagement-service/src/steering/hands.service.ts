import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, Pollers, afterCommit } from '#libs/platform';
import type { Input } from '#libs/workflow';
import { DriverService } from '../workflows/driver.service.js';
import { EarsService } from '../workflows/ears.service.js';
import { lockRuns } from '../workflows/runs.query.js';
import type { StoredRun } from '../workflows/runs.query.js';
import { writeTurns } from '../workflows/runs-store.query.js';
import { readClosed } from './gate.query.js';
import type { Order } from './orders.js';
import { setPaused } from './steering.query.js';
import type { Standing } from './steering.query.js';

/** Does to locked runs what was ordered, in the caller's transaction. */
@Injectable()
export class HandsService {
  private readonly wake: () => void;

  constructor(
    private readonly driver: DriverService,
    private readonly ears: EarsService,
    private readonly clock: Clock,
    pollers: Pollers,
  ) {
    this.wake = () => pollers.hintAll();
  }

  /** Returns the ids of those runs to which something has happened. */
  async apply(manager: EntityManager, order: Order, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const { reason: words } = order;
    if (order.action === 'pause') return this.pause(manager, ids, words);
    const runs = await lockRuns(manager, ids);
    // Pausing and cancelling only ever hold back; the rest sets something going.
    if (order.action !== 'cancel') await refuseWhileStopped(manager, runs);
    afterCommit(manager, this.wake);
    if (order.action === 'resume') return this.resume(manager, ids, words);
    const turns = runs.map((stored) => ({ ...stored, input: inputOf(order, stored, words) }));
    const after = await this.driver.move(manager, turns);
    return after.flatMap(({ run }, index) => (run === runs[index]!.run ? [] : [run.id]));
  }

  private async pause(manager: EntityManager, ids: readonly string[], words: string): Promise<string[]> {
    const paused = await setPaused(manager, ids, true);
    await this.tell(manager, paused, 'paused', words);
    return ids.filter((id) => paused.some((run) => run.id === id));
  }

  /** What a run would have heard meanwhile it hears now, in order; then its timer, if that has fallen due. */
  private async resume(manager: EntityManager, ids: readonly string[], words: string): Promise<string[]> {
    const resumed = await setPaused(manager, ids, false);
    await this.tell(manager, resumed, 'resumed', words);
    const runs = await lockRuns(
      manager,
      resumed.map(({ id }) => id),
    );
    const turns = await this.ears.deferred(manager, runs);
    if (turns.length > 0) await this.driver.move(manager, turns);
    return ids.filter((id) => resumed.some((run) => run.id === id));
  }

  private async tell(
    manager: EntityManager,
    runs: readonly Standing[],
    outcome: 'paused' | 'resumed',
    reason: string,
  ): Promise<void> {
    const at = this.clock.now().getTime();
    await writeTurns(
      manager,
      runs.map((run) => ({ run, log: [{ stepId: run.step, kind: 'run', at, outcome, reason }] })),
    );
  }
}

function inputOf({ action, version, step }: Order, { run }: StoredRun, reason: string): Input {
  switch (action) {
    case 'cancel':
      return { type: 'cancelled', reason };
    case 'retry':
      return { type: 'retried', reason };
    case 'skip':
      return { type: 'skipped', reason };
    case 'move':
      return {
        type: 'moved',
        version: version ?? run.version,
        reason,
        ...(step === undefined ? {} : { stepId: step }),
      };
    case 'pause':
    case 'resume':
      throw new RangeError(`${action} is no input of a run`);
  }
}

async function refuseWhileStopped(manager: EntityManager, runs: readonly StoredRun[]): Promise<void> {
  const { all, workflows } = await readClosed(manager);
  const held = all
    ? 'The programme'
    : runs.find(({ run }) => workflows.includes(run.workflowId))?.run.workflowId;
  if (held !== undefined && runs.length > 0)
    throw new DomainError(
      'stopped',
      409,
      `${held} is stopped: resume it first, or cancel what should not go on.`,
    );
}
