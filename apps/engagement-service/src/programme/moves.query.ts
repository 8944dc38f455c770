import type { EntityManager } from 'typeorm';
import type { Waiting } from './policy.js';

/** Runs of a workflow on their way: to a version, or (null) off. It goes on where it stopped, whatever restarts. */
export interface Move {
  id: string;
  workflowId: string;
  version: number | null;
  waiting: Waiting;
  reason: string;
  cursor: string;
}

/** How many runs of a move have gone which way. */
export interface MoveCounts {
  moved: number;
  stopped: number;
  kept: number;
}

export async function openMove(manager: EntityManager, move: Omit<Move, 'cursor'>, now: Date): Promise<void> {
  await manager.query(
    `INSERT INTO workflow_moves (id, workflow_id, version, waiting, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [move.id, move.workflowId, move.version, JSON.stringify(move.waiting), move.reason, now],
  );
}

/** The oldest move that is under way and in nobody's hands. */
export async function claimMove(manager: EntityManager): Promise<Move | null> {
  const [row]: Move[] = await manager.query(
    `SELECT id, workflow_id AS "workflowId", version, waiting, reason, cursor FROM workflow_moves
     WHERE finished_at IS NULL AND NOT EXISTS (SELECT FROM stops WHERE scope IN ('*', workflow_id))
     ORDER BY created_at, id LIMIT 1 FOR UPDATE OF workflow_moves SKIP LOCKED`,
  );
  return row ?? null;
}

/** Notes a page; without a cursor the move is over. */
export async function noteProgress(
  manager: EntityManager,
  id: string,
  cursor: string | null,
  { moved, stopped, kept }: MoveCounts,
  now: Date,
): Promise<void> {
  await manager.query(
    `UPDATE workflow_moves SET cursor = COALESCE($2, cursor), finished_at = CASE WHEN $2::text IS NULL THEN $3::timestamptz END,
       moved = moved + $4, stopped = stopped + $5, kept = kept + $6 WHERE id = $1`,
    [id, cursor, now, moved, stopped, kept],
  );
}

/** How far moves have come. */
export const readMoves = (
  manager: EntityManager,
  ids: readonly string[],
): Promise<(MoveCounts & { id: string; finished: boolean })[]> =>
  manager.query(
    `SELECT id, moved, stopped, kept, finished_at IS NOT NULL AS finished FROM workflow_moves WHERE id = ANY($1)`,
    [ids],
  );
