import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { isInfrastructure } from '#libs/messaging';
import { Clock, LOGGER, Pollers, newId, withSavepoint } from '#libs/platform';
import type { Logger, Poller } from '#libs/platform';
import type { Input } from '#libs/workflow';
import { DriverService } from '../workflows/driver.service.js';
import { lockRuns, pageOfLiving } from '../workflows/runs.query.js';
import type { StoredRun } from '../workflows/runs.query.js';
import type { Turn } from '../workflows/turns.js';
import * as query from './moves.query.js';
import type { Move, MoveCounts } from './moves.query.js';
import { keepsAll, wayOf } from './policy.js';
import type { Waiting, Way } from './policy.js';

const PAGE = 500;
/** How long whoever publishes waits for the runs; a longer move goes on by itself. */
const PATIENCE_MS = 20_000;

/** What to do with the waiting runs of a workflow; version null: it was switched off, and none can be moved. */
export interface MoveAsk {
  workflowId: string;
  version: number | null;
  waiting: Waiting;
  reason: string;
}

/** Brings waiting runs to a new version, or ends them: a page at a time, each in a transaction of its own. */
@Injectable()
export class MovesService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly driver: DriverService,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'workflow moves', work: () => this.work() });
  }

  /** Begins within the transaction that publishes; returns the id, or null when every run keeps its version. */
  async open(manager: EntityManager, ask: MoveAsk): Promise<string | null> {
    if (keepsAll(ask.waiting)) return null;
    const id = newId();
    await query.openMove(manager, { id, ...ask }, this.clock.now());
    return id;
  }

  /** Waits for moves to end, for a while. */
  async settled(ids: readonly string[]): Promise<ReadonlyMap<string, MoveCounts & { finished: boolean }>> {
    if (ids.length > 0) this.poller.hint();
    for (const begin = performance.now(); ;) {
      const moves = await query.readMoves(this.database.manager, ids);
      const over = moves.every(({ finished }) => finished) || performance.now() - begin > PATIENCE_MS;
      if (over) return new Map(moves.map(({ id, ...counts }) => [id, counts]));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** One page of one move; returns how many runs it looked at. */
  private work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const move = await query.claimMove(manager);
      if (!move) return 0;
      const { workflowId, version, cursor: after } = move;
      const ask = { workflowId, otherThan: version ?? -1, after, limit: PAGE, lock: true };
      const page = await pageOfLiving(manager, ask);
      const counts = await this.take(manager, move, page);
      const cursor = page.length < PAGE ? null : page.at(-1)!.run.id;
      await query.noteProgress(manager, move.id, cursor, counts, this.clock.now());
      return Math.max(page.length, 1);
    });
  }

  private async take(manager: EntityManager, move: Move, page: readonly StoredRun[]): Promise<MoveCounts> {
    const way = (stored: StoredRun): Way => wayOf(move.waiting, stored.run.cursor);
    const turns = page.flatMap((stored) => {
      const input = inputOf(way(stored), move);
      return input ? [{ ...stored, input }] : [];
    });
    const counts = turns.length > 0 ? await this.together(manager, turns) : { moved: 0, stopped: 0 };
    return { ...counts, kept: page.length - counts.moved - counts.stopped };
  }

  /** A run that cannot go along stays as it is, and keeps nobody else. */
  private async together(manager: EntityManager, turns: readonly Turn[]): Promise<Gone> {
    try {
      return await withSavepoint(manager, (inner) => this.give(inner, turns));
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      if (turns.length === 1) {
        this.logger.error({ err: error, run: turns[0]!.run.id }, 'a run could not be brought to a version');
        return { moved: 0, stopped: 0 };
      }
      return this.apart(manager, turns);
    }
  }

  private async apart(manager: EntityManager, turns: readonly Turn[]): Promise<Gone> {
    const sum = { moved: 0, stopped: 0 };
    for (const turn of turns) {
      // A run before it may have changed it.
      const [stored] = await lockRuns(manager, [turn.run.id]);
      if (!stored) continue;
      const { moved, stopped } = await this.together(manager, [{ ...turn, ...stored }]);
      sum.moved += moved;
      sum.stopped += stopped;
    }
    return sum;
  }

  private async give(manager: EntityManager, turns: readonly Turn[]): Promise<Gone> {
    const after = await this.driver.move(manager, turns);
    // The end of one run may have ended others of the page (its branches) before their turn.
    const stopped = turns.filter(({ input }) => input.type === 'cancelled').length;
    const moved = after.filter(({ run }, index) => run.version !== turns[index]!.run.version).length;
    return { moved, stopped };
  }
}

type Gone = Pick<MoveCounts, 'moved' | 'stopped'>;

function inputOf(way: Way, { version, reason }: Move): Input | null {
  if (way === 'stop') return { type: 'cancelled', reason };
  return way === 'move' && version !== null ? { type: 'moved', version, reason } : null;
}
