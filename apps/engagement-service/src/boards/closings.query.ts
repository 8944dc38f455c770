import type { EntityManager } from 'typeorm';
import type { Board, Stretch } from '#libs/scoring';
import { scoredSql } from './boards.query.js';
import { Parameters } from './scores.query.js';

/** A frozen period of a board. */
export interface Closing {
  id: string;
  board: string;
  periodKey: string;
  start: Date;
  end: Date;
  closedAt: Date;
  participants: number;
}

const CLOSING = `id, board, period_key AS "periodKey", start_at AS start, end_at AS end, closed_at AS "closedAt", participants`;

/** A frozen place; `personId` is null for groups. `place` counts from 1, equals included. */
export interface FrozenPlace {
  subject: string;
  personId: string | null;
  rank: number;
  score: number;
  reachedAt: Date;
  members: number | null;
  place: number;
  hidden: boolean;
}

/** Freezes a stretch as a closing with all its places, in one statement; null when somebody has closed it already. */
export async function freeze(
  manager: EntityManager,
  id: string,
  { board, stretch, now }: { board: Board; stretch: Stretch; now: Date },
): Promise<number | null> {
  const parameters = new Parameters();
  const scored = await scoredSql(manager, board, stretch, { now, parameters });
  const [start, end, at] = [new Date(stretch.start), new Date(stretch.end), now].map((instant) =>
    parameters.add(instant.toISOString(), 'timestamptz'),
  );
  const ids = [
    parameters.add(id, 'uuid'),
    parameters.add(board.id, 'text'),
    parameters.add(stretch.key, 'text'),
  ];
  const score =
    board.metric === 'points' && board.per === undefined ? 'score' : 'round(score::numeric, 6)::float8';
  const rows: { participants: number }[] = await manager.query(
    `WITH ranked AS (
       SELECT subject, members, score, reached_at, rank() OVER (ORDER BY score DESC)::int AS rank,
         row_number() OVER (ORDER BY score DESC, reached_at, subject COLLATE "C")::int AS place
       FROM (SELECT subject, members, reached_at, ${score} AS score FROM (${scored}) scored) rounded WHERE score > 0
     ), closing AS (
       INSERT INTO board_closings (id, board, period_key, start_at, end_at, closed_at, participants)
       SELECT ${ids.join(', ')}, ${start}, ${end}, ${at}, count(*) FROM ranked ON CONFLICT DO NOTHING RETURNING id, participants
     ), places AS (
       INSERT INTO board_places (closing_id, subject, person_id, rank, place, score, reached_at, members)
       SELECT closing.id, subject, ${board.of === 'people' ? 'subject::uuid' : 'NULL'}, rank, place, score, reached_at, members
       FROM ranked, closing
     ) SELECT participants FROM closing`,
    parameters.list,
  );
  return rows[0]?.participants ?? null;
}

/** Closings of a board, newest first. */
export function listClosings(manager: EntityManager, board: string): Promise<Closing[]> {
  return manager.query(
    `SELECT ${CLOSING} FROM board_closings WHERE board = $1 ORDER BY start_at DESC LIMIT 500`,
    [board],
  );
}

export async function findClosing(
  manager: EntityManager,
  board: string,
  periodKey: string,
): Promise<Closing | null> {
  const [row]: Closing[] = await manager.query(
    `SELECT ${CLOSING} FROM board_closings WHERE board = $1 AND period_key = $2`,
    [board, periodKey],
  );
  return row ?? null;
}

const PLACE = `subject, person_id AS "personId", rank, score, reached_at AS "reachedAt", members, place,
  person_id IS NOT NULL AND NOT COALESCE((SELECT consents_ranking FROM people WHERE people.id = person_id), false) AS hidden`;

/** Places after a position, best first. Plan: index scan of board_places_order. */
export function frozenPage(
  manager: EntityManager,
  closingId: string,
  after: number,
  limit: number,
): Promise<FrozenPlace[]> {
  return manager.query(
    `SELECT ${PLACE} FROM board_places WHERE closing_id = $1 AND place > $2 ORDER BY place LIMIT $3`,
    [closingId, after, limit],
  );
}

export async function frozenPlace(
  manager: EntityManager,
  closingId: string,
  subject: string,
): Promise<FrozenPlace | null> {
  const [row]: FrozenPlace[] = await manager.query(
    `SELECT ${PLACE} FROM board_places WHERE closing_id = $1 AND subject = $2`,
    [closingId, subject],
  );
  return row ?? null;
}

/** Somebody's best closed period of a board: the highest score, of equals the first. */
export async function ownBest(
  manager: EntityManager,
  board: string,
  subject: string,
): Promise<{ periodKey: string; score: number; rank: number } | null> {
  const [row]: { periodKey: string; score: number; rank: number }[] = await manager.query(
    `SELECT period_key AS "periodKey", score, rank FROM board_places JOIN board_closings ON id = closing_id
     WHERE subject = $1 AND board = $2 ORDER BY score DESC, start_at LIMIT 1`,
    [subject, board],
  );
  return row ?? null;
}
