import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { Clock, LOGGER, afterCommit } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { DriverService } from './driver.service.js';
import { ExpansionPages } from './expansion-pages.service.js';
import * as query from './expansions.query.js';
import type { Expansion } from './expansions.query.js';
import { failRun, lockRuns } from './runs.query.js';
import { writeTurns } from './runs-store.query.js';

const PAGE = 500;

/**
 * Fans out to many people in checkpointed pages: one transaction per page, no run row where nothing waits.
 * A page that cannot be stored is gone through one by one, so that whoever is to blame stands alone.
 */
@Injectable()
export class ExpansionsService {
  private wake: () => void = () => undefined;
  private readonly hint = (): void => this.wake();
  /** People still to be taken one by one, by fan-out, after a page of it failed. */
  private readonly singly = new Map<string, number>();

  constructor(
    private readonly database: DataSource,
    private readonly pages: ExpansionPages,
    private readonly driver: DriverService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onWork(wake: () => void): void {
    this.wake = wake;
  }

  /** Queues the fan-out of a workflow's own audience; the same firing is queued once. */
  async openAudience(manager: EntityManager, firing: query.AudienceFiring): Promise<void> {
    await query.openAudience(manager, firing, this.clock.now());
    afterCommit(manager, this.hint);
  }

  /** How many fan-outs are under way. */
  open(): Promise<number> {
    return query.countOpen(this.database.manager);
  }

  /** Works one page off, or lets runs go on whose branches have ended; returns how much was done. */
  async work(): Promise<number> {
    const worked = await this.workOpen();
    return worked || this.settleEnded(PAGE);
  }

  private async workOpen(): Promise<number> {
    const claimed: Expansion[] = [];
    let limit = PAGE;
    try {
      return await this.database.transaction(async (manager) => {
        const expansion = await query.claimOpen(manager);
        if (!expansion) return 0;
        claimed.push(expansion);
        limit = this.singly.has(expansion.id) ? 1 : PAGE;
        await this.pages.work(manager, expansion, limit);
        this.countDown(expansion);
        return 1;
      });
    } catch (error) {
      const [expansion] = claimed;
      if (!expansion || isInfrastructure(error)) throw error;
      this.logger.error({ err: error, expansion: expansion.id }, 'a page of a fan-out could not be stored');
      return this.onFailure(expansion, limit, `could not go on: ${(error as Error).message}`);
    }
  }

  private async onFailure(expansion: Expansion, limit: number, reason: string): Promise<number> {
    if (expansion.items) await this.fail(expansion, reason);
    else if (limit === 1) await this.skip(expansion, reason);
    else this.singly.set(expansion.id, PAGE);
    return 1;
  }

  private countDown({ id }: Expansion): void {
    const left = this.singly.get(id);
    if (left === undefined) return;
    if (left > 1) this.singly.set(id, left - 1);
    else this.singly.delete(id);
  }

  /** Passes over the one person who cannot be stored, and says so in the timeline. */
  private async skip(expansion: Expansion, reason: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      if (!(await query.isStillAt(manager, expansion))) return;
      const [person] = await this.pages.page(manager, expansion, 1);
      const state = person ? 'open' : 'settled';
      await query.checkpoint(manager, expansion.id, {
        cursor: person?.id ?? null,
        seen: 1,
        matched: 0,
        state,
      });
      const runId = expansion.runId ?? expansion.id;
      const line = {
        stepId: expansion.stepId,
        kind: 'audience',
        at: this.clock.now().getTime(),
        outcome: 'failed' as const,
        reason: `${person?.id ?? 'somebody'} was passed over: ${reason}`,
      };
      await writeTurns(manager, [{ run: { id: runId, rootId: runId.split('/')[0]! }, log: [line] }]);
    });
    this.countDown(expansion);
  }

  /** A list whose branches cannot be stored ends its run. */
  private async fail(expansion: Expansion, reason: string): Promise<void> {
    const { runId, stepId } = expansion;
    await this.database.transaction(async (manager) => {
      if (!(await query.isStillAt(manager, expansion))) return;
      if (runId) await failRun(manager, { id: runId, step: stepId, dueAt: null }, reason, this.clock.now());
      if (runId) await this.driver.cancelBranches(manager, [runId]);
      await query.abandon(manager, expansion);
    });
  }

  /** Lets runs go on whose branches have ended; one that cannot go on fails alone. */
  private async settleEnded(limit: number): Promise<number> {
    const claimed: query.Settled[] = [];
    try {
      return await this.database.transaction((manager) => this.settleBatch(manager, limit, claimed));
    } catch (error) {
      if (isInfrastructure(error) || claimed.length === 0) throw error;
      if (limit > 1) return this.settleEnded(1);
      await this.failSettled(claimed[0]!, `could not go on: ${(error as Error).message}`);
      return 1;
    }
  }

  private async settleBatch(
    manager: EntityManager,
    limit: number,
    claimed: query.Settled[],
  ): Promise<number> {
    claimed.push(...(await query.claimSettled(manager, limit)));
    if (claimed.length === 0) return 0;
    await query.settle(
      manager,
      claimed.map(({ id }) => id),
    );
    const steps = new Map(claimed.map(({ runId, stepId }) => [runId, stepId]));
    const runs = await lockRuns(manager, [...steps.keys()]);
    await this.driver.move(
      manager,
      runs.map((stored) => ({
        ...stored,
        input: { type: 'effectSettled', stepId: steps.get(stored.run.id)! },
      })),
    );
    return claimed.length;
  }

  private async failSettled({ id, runId, stepId }: query.Settled, reason: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await failRun(manager, { id: runId, step: stepId, dueAt: null }, reason, this.clock.now());
      await query.settle(manager, [id]);
    });
  }
}
