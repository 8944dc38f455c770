import type { DataSource, EntityManager } from 'typeorm';

export interface Place {
  personId: string;
  rank: number;
  score: number;
  reachedAt: Date;
}

/**
 * Ranks of a half-open stretch, 1-1-3; equals stand in order of who got to the score first.
 * Points spent on rewards, and given back, are no scores: whoever treats themselves keeps their place.
 * Plan at 1,000,000 entries: index-only scan of ledger_scores over the stretch, hash aggregate, one sort.
 */
const RANKING = `
  SELECT person_id, rank() OVER (ORDER BY score DESC)::int AS rank, score, reached_at
  FROM (
    SELECT person_id, sum(points) AS score, max(occurred_at) AS reached_at
    FROM ledger WHERE occurred_at >= $1 AND occurred_at < $2 AND rule NOT LIKE 'reward:%' GROUP BY person_id HAVING sum(points) > 0
  ) totals`;

/** The board as it stands now. */
export function liveRanking(database: DataSource, start: Date, end: Date, limit: number): Promise<Place[]> {
  return database.query(
    `SELECT person_id AS "personId", rank, score, reached_at AS "reachedAt" FROM (${RANKING}) places
     ORDER BY rank, reached_at, person_id LIMIT $3`,
    [start, end, limit],
  );
}

/** Freezes a stretch as the places of a closing; returns how many took part. */
export async function freeze(
  manager: EntityManager,
  closingId: string,
  start: Date,
  end: Date,
): Promise<number> {
  const [{ count }]: [{ count: number }] = await manager.query(
    `WITH frozen AS (
       INSERT INTO board_places (closing_id, person_id, rank, score, reached_at)
       SELECT $3, person_id, rank, score, reached_at FROM (${RANKING}) places RETURNING 1
     ) SELECT count(*) AS count FROM frozen`,
    [start, end, closingId],
  );
  return count;
}

/** The places of a closing, best first. */
export function frozenRanking(manager: EntityManager, closingId: string, limit: number): Promise<Place[]> {
  return manager.query(
    `SELECT person_id AS "personId", rank, score, reached_at AS "reachedAt" FROM board_places
     WHERE closing_id = $1 ORDER BY rank, reached_at, person_id LIMIT $2`,
    [closingId, limit],
  );
}
