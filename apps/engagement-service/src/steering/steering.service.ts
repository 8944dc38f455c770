import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { BulkPages } from './bulk-pages.service.js';
import type { FailedRun } from './bulk-pages.service.js';
import { HandsService } from './hands.service.js';
import { FITS, FITTING } from './orders.js';
import type { Order } from './orders.js';
import { conditionOf } from './run-filter.js';
import type { Condition, RunFilter } from './run-filter.js';
import * as query from './steering.query.js';
import type { StepCount } from './steering.query.js';

const SAMPLE = 20;
/** More runs than this are steered in several requests. */
const MAX = 100_000;
/** By how much the count may have moved since the dry run. */
const TOLERANCE = 0.1;

/** An order for all runs of a filter. */
export interface BulkOrder extends Order {
  filter: RunFilter;
  dryRun: boolean;
  expect?: number | undefined;
}

/** What an order would do, or has done. */
export interface Outcome {
  action: string;
  dryRun: boolean;
  /** How many runs fit the filter and the action. */
  count: number;
  /** Some of their ids. */
  runs: string[];
  steps: StepCount[];
  /** Of an order that was carried out. */
  changed?: number;
  unchanged?: number;
  failed?: FailedRun[];
  /** How many beyond the limit of one request are still to be steered. */
  left?: number;
}

/** Carries out what admins order: for one run, or for all of a filter after a dry run has counted them. */
@Injectable()
export class SteeringService {
  constructor(
    private readonly database: DataSource,
    private readonly hands: HandsService,
    private readonly pages: BulkPages,
    private readonly definitions: DefinitionsService,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** One run. Throws `run_unknown`, or `run_not_fit` when it stands where the action can do nothing. */
  async one(who: Caller, id: string, order: Order): Promise<void> {
    const condition = { sql: FITTING[order.action], parameters: [] };
    await this.database.transaction(async (manager) => {
      const before = await this.stateOf(manager, id);
      const fitting = await query.lockFitting(manager, [id], condition);
      // Who cancels what has ended has what they want.
      if (fitting.length === 0 && order.action === 'cancel') return;
      const changed = fitting.length > 0 ? await this.hands.apply(manager, order, fitting) : [];
      if (changed.length === 0) throw new DomainError('run_not_fit', 409, whyNot(order, fitting.length > 0));
      const after = { ...(await this.stateOf(manager, id)), order };
      await this.audit.note(manager, { who, action: order.action, what: `run ${id}`, before, after });
    });
  }

  /** All runs of a filter, or only their count. */
  async many(who: Caller, order: BulkOrder): Promise<Outcome> {
    await this.checkTarget(order);
    const condition = this.conditionOf(order);
    const { manager } = this.database;
    const steps = await query.countByStep(manager, condition);
    const count = steps.reduce((sum, step) => sum + step.count, 0);
    const outcome = { action: order.action, dryRun: order.dryRun, count, steps };
    if (order.dryRun) return { ...outcome, runs: await query.findIds(manager, condition, SAMPLE) };
    checkExpected(count, order.expect);
    const ids = await query.findIds(manager, condition, MAX);
    return { ...outcome, runs: ids.slice(0, SAMPLE), ...(await this.carryOut(who, order, ids, outcome)) };
  }

  private async carryOut(
    who: Caller,
    order: BulkOrder,
    ids: readonly string[],
    { count, steps }: { count: number; steps: StepCount[] },
  ): Promise<Pick<Outcome, 'changed' | 'unchanged' | 'failed' | 'left'>> {
    const { action, filter, reason, version, step } = order;
    const what = filter.workflow === undefined ? 'runs' : `runs of ${filter.workflow}`;
    const before = { filter, reason, version, step, count, steps };
    const note = (after: unknown): Promise<void> =>
      this.audit.note(this.database.manager, { who, action, what, before, after });
    // Told before the first run is touched too: whatever happens on the way, it is known who began it.
    await note('begun');
    const failed: FailedRun[] = [];
    const changed = await this.pages
      .run(order, ids, this.conditionOf(order), failed)
      .catch(async (error: Error) => {
        await note(`broken off: ${error.message}`);
        throw error;
      });
    const result = { changed, unchanged: ids.length - changed - failed.length, left: count - ids.length };
    await note({ ...result, failed: failed.length });
    return { ...result, left: Math.max(0, result.left), failed: failed.slice(0, SAMPLE) };
  }

  private conditionOf({ action, filter }: BulkOrder): Condition {
    const { sql, parameters } = conditionOf(filter, this.clock.now());
    return { sql: `${sql} AND ${FITTING[action]}`, parameters };
  }

  /** Where to, for a move: a version and a step that exist. */
  private async checkTarget({ action, filter, version, step }: BulkOrder): Promise<void> {
    if (action !== 'move') return;
    if (filter.workflow === undefined)
      throw new DomainError(
        'workflow_needed',
        422,
        'Name the workflow in the filter: steps are moved to within one.',
      );
    if (version === undefined) return;
    const { definition } = await this.definitions.at(this.database.manager, filter.workflow, version);
    if (step !== undefined && !definition.steps[step])
      throw new DomainError(
        'step_unknown',
        422,
        `Version ${version} of ${filter.workflow} has no step "${step}".`,
      );
  }

  private async stateOf(manager: EntityManager, id: string): Promise<object> {
    const [state]: object[] = await manager.query(
      `SELECT version, status, step, verb, paused, due_at AS "dueAt", attempts, reason FROM runs WHERE id = $1`,
      [id],
    );
    if (!state) throw notFound('run', id);
    return state;
  }
}

const whyNot = ({ action }: Order, fits: boolean): string =>
  fits && action === 'move'
    ? 'It stands there already, or there is no such step in the part of the workflow it walks.'
    : FITS[action];

function checkExpected(count: number, expect: number | undefined): void {
  if (expect === undefined)
    throw new DomainError(
      'expect_missing',
      409,
      `This would be done to ${count} runs. Look at the dry run first, then send its count as "expect".`,
    );
  if (Math.abs(count - expect) > expect * TOLERANCE)
    throw new DomainError(
      'count_changed',
      409,
      `You expect ${expect} runs, but now there are ${count}. Look at the dry run again.`,
    );
}
