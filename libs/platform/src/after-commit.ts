import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';

const TASKS = 'laurel:after-commit';
type Tasks = Set<() => void>;

/** Runs `task` once the manager's transaction has committed, never when it rolled back; the same function only once. */
export function afterCommit(manager: EntityManager, task: () => void): void {
  const runner = manager.queryRunner;
  if (!runner?.isTransactionActive) throw new Error('afterCommit needs a transaction');
  const bag = runner.data as Record<string, unknown>;
  ((bag[TASKS] ??= new Set()) as Tasks).add(task);
}

/**
 * Does a part of a transaction that may fail alone: what it has stored is taken back, and what it wanted done after the commit is
 * forgotten, while the transaction goes on. Throws what the work throws.
 */
export async function withSavepoint<T>(
  manager: EntityManager,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const bag = (manager.queryRunner?.data ?? {}) as Record<string, unknown>;
  const before = new Set(bag[TASKS] as Tasks | undefined);
  try {
    return await manager.transaction(work);
  } catch (error) {
    bag[TASKS] = before;
    throw error;
  }
}

/** Feeds `afterCommit`; one per service. */
@Injectable()
export class AfterCommitSubscriber implements EntitySubscriberInterface {
  constructor(database: DataSource) {
    database.subscribers.push(this);
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    // A released savepoint commits nothing yet.
    if (queryRunner.isTransactionActive) return;
    for (const task of take(queryRunner)) task();
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) take(queryRunner);
  }
}

function take(runner: QueryRunner): Tasks {
  const bag = runner.data as Record<string, unknown>;
  const tasks = (bag[TASKS] ?? new Set()) as Tasks;
  delete bag[TASKS];
  return tasks;
}
