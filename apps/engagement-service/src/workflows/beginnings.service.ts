import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import { DefinitionsService } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import { firstInput, stoppedBefore } from './marks.query.js';
import { lockAlive, lockQueues } from './queue.query.js';
import type { RunKey } from './queue.query.js';
import { lockRuns } from './runs.query.js';
import type { StoredRun } from './runs.query.js';
import { insertRuns } from './runs-store.query.js';
import type { Turn } from './turns.js';

/** Begins new runs: none that was stopped before, and of those whose key is taken as `again` of their workflow says. */
@Injectable()
export class BeginningsService {
  constructor(
    private readonly definitions: DefinitionsService,
    private readonly driver: DriverService,
    private readonly clock: Clock,
  ) {}

  /** Returns the ids of those that a living run of their key has kept out. */
  async begin(manager: EntityManager, runs: readonly StoredRun[]): Promise<Set<string>> {
    if (runs.length === 0) return new Set();
    const turns = await this.firstTurns(manager, runs);
    const by = { ignore: [] as Turn[], restart: [] as Turn[], queue: [] as Turn[] };
    for (const turn of turns)
      by[turn.run.key === null ? 'ignore' : await this.again(manager, turn)].push(turn);
    const refused = by.ignore.length > 0 ? await this.driver.start(manager, by.ignore) : [];
    for (const round of roundsOf(by.restart)) await this.restart(manager, round);
    if (by.queue.length > 0) await this.queue(manager, by.queue);
    return new Set(refused.map(({ run }) => run.id));
  }

  private async firstTurns(manager: EntityManager, runs: readonly StoredRun[]): Promise<Turn[]> {
    const stoppable = runs.filter(({ run }) => this.definitions.isStoppable(run.workflowId));
    const stopped = await stoppedBefore(manager, stoppable);
    return runs.map((stored) => ({ ...stored, input: firstInput(stored, stopped) }));
  }

  private async again(manager: EntityManager, { run, input }: Turn): Promise<'ignore' | 'restart' | 'queue'> {
    if (input.type !== 'started') return 'ignore';
    return (await this.definitions.at(manager, run.workflowId, run.version)).definition.again ?? 'ignore';
  }

  /** At most one turn per key. An event of before the living run's does not start it anew. */
  private async restart(manager: EntityManager, turns: readonly Turn[]): Promise<void> {
    await lockQueues(manager, turns.map(keyOf));
    const alive = new Map((await lockAlive(manager, turns.map(keyOf))).map((run) => [textOf(run), run]));
    const before = (turn: Turn): Date | undefined => alive.get(textOf(keyOf(turn)))?.triggeredAt;
    const newer = turns.filter((turn) => (before(turn)?.getTime() ?? 0) <= turn.triggeredAt);
    const over = newer.flatMap((turn) => alive.get(textOf(keyOf(turn))) ?? []);
    const runs = await lockRuns(
      manager,
      over.map(({ id }) => id),
    );
    const input = { type: 'cancelled', reason: 'started anew' } as const;
    await this.driver.move(
      manager,
      runs.map((stored) => ({ ...stored, input })),
    );
    await this.driver.start(manager, newer);
  }

  private async queue(manager: EntityManager, turns: readonly Turn[]): Promise<void> {
    await lockQueues(manager, turns.map(keyOf));
    // A run that kept others out may have ended in the meantime; then the first of them takes its place, and the rest line up behind.
    // What stays out twice though its key is free is there already: told twice, it begins once.
    for (let left = turns, stalled = 0; left.length > 0 && stalled < 2;) {
      const refused = await this.driver.start(manager, left);
      const alive = new Set((await lockAlive(manager, refused.map(keyOf))).map(textOf));
      const isAlive = (turn: Turn): boolean => alive.has(textOf(keyOf(turn)));
      await this.lineUp(manager, refused.filter(isAlive));
      const rest = refused.filter((turn) => !isAlive(turn));
      stalled = rest.length < left.length ? 0 : stalled + 1;
      left = rest;
    }
  }

  private async lineUp(manager: EntityManager, turns: readonly Turn[]): Promise<void> {
    const at = this.clock.now().getTime();
    const reason = 'waits until the run before it with the same key has ended';
    const log = [{ stepId: null, kind: 'run', at, outcome: 'waiting' as const, reason }];
    const queued = turns.map(({ run, triggeredAt, eventOf = null }) => ({
      run: { ...run, status: 'queued' as const },
      triggeredAt,
      eventOf,
      log,
    }));
    await insertRuns(manager, queued, this.clock.now());
  }
}

const keyOf = ({ run }: Pick<Turn, 'run'>): RunKey => ({ workflowId: run.workflowId, key: run.key! });
const textOf = ({ workflowId, key }: RunKey): string => `${workflowId} ${key}`;

/** The first of each key, then the second, and so on, so that each takes the place of the one before. */
function roundsOf(turns: readonly Turn[]): Turn[][] {
  const rounds: Turn[][] = [];
  const seen = new Map<string, number>();
  for (const turn of turns) {
    const key = textOf(keyOf(turn));
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(turn);
  }
  return rounds;
}
