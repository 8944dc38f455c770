import type { EntityManager } from 'typeorm';
import type { Badge } from '#libs/scoring';

/** A badge being counted backwards, and how far that has come. */
export interface BackfillRow {
  id: string;
  badge: string;
  definition: Badge;
  state: 'running' | 'done';
  cursor: string | null;
  awards: number;
}

const BACKFILL = `id, badge, definition, state, cursor, awards, ordered_at AS "orderedAt", ended_at AS "endedAt"`;

/** Null while another of the same badge is running. */
export async function insertBackfill(
  manager: EntityManager,
  id: string,
  badge: Badge,
  now: Date,
): Promise<BackfillRow | null> {
  const [row]: BackfillRow[] = await manager.query(
    `INSERT INTO badge_backfills (id, badge, definition, state, ordered_at) VALUES ($1, $2, $3, 'running', $4)
     ON CONFLICT DO NOTHING RETURNING ${BACKFILL}`,
    [id, badge.id, JSON.stringify(badge), now],
  );
  return row ?? null;
}

export async function readBackfill(manager: EntityManager, id: string): Promise<BackfillRow | null> {
  const [row]: BackfillRow[] = await manager.query(`SELECT ${BACKFILL} FROM badge_backfills WHERE id = $1`, [
    id,
  ]);
  return row ?? null;
}

/** The one to go on with, locked; null when another process has it or there is none. */
export async function claimRunning(manager: EntityManager): Promise<BackfillRow | null> {
  const [row]: BackfillRow[] = await manager.query(
    `SELECT ${BACKFILL} FROM badge_backfills WHERE state = 'running' ORDER BY ordered_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row ?? null;
}

/** Notes a page of people as done; `now` when it was the last. */
export async function checkpoint(
  manager: EntityManager,
  id: string,
  { cursor, awards, now }: { cursor: string | null; awards: number; now: Date | null },
): Promise<void> {
  await manager.query(
    `UPDATE badge_backfills SET cursor = coalesce($2, cursor), awards = awards + $3,
       state = CASE WHEN $4::timestamptz IS NULL THEN 'running' ELSE 'done' END, ended_at = $4 WHERE id = $1`,
    [id, cursor, awards, now],
  );
}
