import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { Clock, ENV, Pollers } from '#libs/platform';
import type { Env } from '../env.js';
import { isHeld } from '../steering/gate.query.js';
import { makeCall } from '../webhooks/caller.js';
import * as query from '../webhooks/calls.query.js';
import type { Call, CallResult } from '../webhooks/calls.query.js';
import { CallCarrier } from './carriers/call.carrier.js';
import { DriverService } from './driver.service.js';
import { failRun, lockRuns } from './runs.query.js';

const AT_ONCE = 20;
/** Longer than a call may take: a killed process's calls are made again, under the same webhook-id, after this. */
const LEASE_S = 30;

/** Makes the calls that runs want, and lets each run go on with its answer. */
@Injectable()
export class CallsService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly driver: DriverService,
    private readonly carrier: CallCarrier,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'LAUREL_SECRET' | 'ENGAGEMENT_ALLOW_HOSTS'>,
  ) {}

  onModuleInit(): void {
    const poller = this.pollers.add({ name: 'outgoing calls', work: () => this.work() });
    this.carrier.onWanted(() => poller.hint());
    // Another replica may be at a call, which makes this one's poller idle and the moment no quieter.
    this.pollers.watch({
      name: 'open calls',
      measure: async () => ({ waiting: await query.countOpenCalls(this.database.manager), done: 0 }),
    });
  }

  private async work(): Promise<number> {
    const calls = await query.leaseCalls(this.database.manager, AT_ONCE, LEASE_S);
    await Promise.all(calls.map((call) => this.make(call)));
    return calls.length;
  }

  private async make(call: Call): Promise<void> {
    const { LAUREL_SECRET: secret, ENGAGEMENT_ALLOW_HOSTS: allowHosts } = this.env;
    const result = await makeCall(call, { secret, allowHosts, at: this.clock.now() });
    try {
      await this.database.transaction((manager) => this.settle(manager, call, result));
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      await this.database.transaction((manager) => this.fail(manager, call, error as Error));
    }
  }

  /** An answer with which the run cannot go on must not call the other side for ever. */
  private async fail(
    manager: EntityManager,
    { intentKey, runId, stepId }: Call,
    error: Error,
  ): Promise<void> {
    const reason = `could not go on: ${error.message}`;
    await failRun(manager, { id: runId, step: stepId, dueAt: null }, reason, this.clock.now());
    await query.settleCalls(manager, [
      { intentKey, result: { ok: false, status: null, body: null, error: reason } },
    ]);
  }

  /** The run first, then its call: whoever moves the run meanwhile takes the two in the same order. */
  private async settle(
    manager: EntityManager,
    { intentKey, runId, stepId }: Call,
    result: CallResult,
  ): Promise<void> {
    const runs = await lockRuns(manager, [runId]);
    // Stopped while the call was under way: it is made again, under the same webhook-id, when the run may go on.
    if (await isHeld(manager, runId)) return;
    const settled = await query.settleCalls(manager, [{ intentKey, result }]);
    if (!settled.has(intentKey)) return;
    const input = { type: 'effectSettled', stepId, result } as const;
    await this.driver.move(
      manager,
      runs.map((stored) => ({ ...stored, input })),
    );
  }
}
