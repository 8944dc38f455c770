import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isEnded } from '#libs/workflow';
import { DefinitionsService } from './definitions.service.js';
import * as query from './queue.query.js';
import type { RunKey } from './queue.query.js';
import { lockRuns } from './runs.query.js';
import type { Moved, Turn } from './turns.js';

/** Calls the next of a queue (`again: queue`) when the run before it has ended. */
@Injectable()
export class QueueService {
  constructor(private readonly definitions: DefinitionsService) {}

  /** The first turns of those whose turn has come because of these runs' ends. */
  async next(manager: EntityManager, moved: readonly Moved[]): Promise<Turn[]> {
    const ended = moved.flatMap(({ run, before }): RunKey[] =>
      run.parentId === null && run.key !== null && isEnded(run) && before.status !== 'queued'
        ? [{ workflowId: run.workflowId, key: run.key }]
        : [],
    );
    const queues = ended.filter(({ workflowId }) => this.definitions.hasQueued(workflowId));
    return queues.length > 0 ? this.call(manager, queues) : [];
  }

  /** Those whose predecessor ended without anybody calling them. */
  async strandedTurns(manager: EntityManager): Promise<Turn[]> {
    const keys = await query.stranded(manager, 500);
    if (keys.length === 0) return [];
    await query.lockQueues(manager, keys);
    return this.call(manager, keys);
  }

  private async call(manager: EntityManager, keys: readonly RunKey[]): Promise<Turn[]> {
    const ids = await query.oldestQueued(manager, keys);
    if (ids.length === 0) return [];
    const runs = await lockRuns(manager, ids);
    return runs
      .filter(({ run }) => run.status === 'queued')
      .map((stored) => ({ ...stored, input: { type: 'started' } as const }));
  }
}
