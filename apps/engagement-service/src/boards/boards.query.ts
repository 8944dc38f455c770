import type { EntityManager } from 'typeorm';
import { DomainError } from '#libs/platform';
import type { Board, Score, Stretch } from '#libs/scoring';
import { readZones } from '../workflows/audience.query.js';
import { audienceCondition } from '../workflows/audience-sql.js';
import { Parameters, scoresSql } from './scores.query.js';

/** Which people a board is about, as SQL over people and teams. Throws `audience_unclear` for what cannot be asked in SQL. */
export async function audienceOf(
  manager: EntityManager,
  audience: string | undefined,
  now: Date,
  parameters: Parameters,
): Promise<string> {
  if (audience === undefined) return 'true';
  const zones = await readZones(manager);
  const offset = parameters.list.length;
  const sql = audienceCondition({ audience, values: {}, zones, now: now.getTime(), offset });
  if (!sql) throw new DomainError('audience_unclear', 422, `No board can be kept for ${audience}.`);
  parameters.list.push(...sql.parameters);
  return sql.condition;
}

/** subject, score, reached_at and members (of groups) of a board over a stretch, scores of nothing and less included. */
export async function scoredSql(
  manager: EntityManager,
  board: Board,
  stretch: Stretch,
  { now, parameters }: { now: Date; parameters: Parameters },
): Promise<string> {
  const scores = scoresSql(board.metric, stretch, parameters);
  if (board.of === 'people' && board.for === undefined)
    return `SELECT person_id::text AS subject, score, reached_at, NULL::int AS members FROM (${scores}) scores`;
  const condition = await audienceOf(manager, board.for, now, parameters);
  const people = `people LEFT JOIN teams ON teams.name = people.team`;
  return board.of === 'people'
    ? `SELECT person_id::text AS subject, score, reached_at, NULL::int AS members
       FROM ${people} JOIN (${scores}) scores ON person_id = people.id WHERE ${condition}`
    : `SELECT subject, ${board.per === 'head' ? 'score / GREATEST(members, 1)' : 'score'} AS score, reached_at, members FROM (
         SELECT people.${board.of} AS subject, COALESCE(sum(score), 0) AS score, max(reached_at) AS reached_at,
           (count(*) FILTER (WHERE people.active))::int AS members
         FROM ${people} LEFT JOIN (${scores}) scores ON person_id = people.id
         WHERE people.${board.of} IS NOT NULL AND ${condition} GROUP BY people.${board.of}
       ) totals`;
}

/** A score of a board; `members` is how many people a group has. */
export interface BoardScore extends Score {
  members: number | null;
}

/** So many scores are read at a time: a million of them must not hold up whoever asks for something else. */
const READ_AT_ONCE = 5_000;

/**
 * All scores of a board as they stand in this snapshot, best first, in batches. In a transaction, one reading at a time.
 * Plan: that of the scores, sorted by PostgreSQL, so that the ranking only appends.
 */
export async function* loadScores(
  manager: EntityManager,
  board: Board,
  stretch: Stretch,
  now: Date,
): AsyncGenerator<BoardScore[]> {
  const parameters = new Parameters();
  const sql = await scoredSql(manager, board, stretch, { now, parameters });
  // All of it will be read: a plan that is quick with the first rows only is the wrong one.
  await manager.query(`SELECT set_config('cursor_tuple_fraction', '1', true)`);
  await manager.query(
    `DECLARE scores_of_board NO SCROLL CURSOR FOR
     SELECT subject AS id, score, (extract(epoch FROM COALESCE(reached_at, 'epoch')) * 1000)::float8 AS "reachedAt", members
     FROM (${sql}) scored ORDER BY score DESC, reached_at`,
    parameters.list,
  );
  for (let batch = null; batch === null || batch.length === READ_AT_ONCE;) {
    batch = (await manager.query(`FETCH ${READ_AT_ONCE} FROM scores_of_board`)) as BoardScore[];
    yield batch;
  }
  await manager.query(`CLOSE scores_of_board`);
}

/** Under which name each person counts on a board of some or of groups; null where it is everybody under their own. */
export async function loadSubjects(
  manager: EntityManager,
  board: Board,
  now: Date,
): Promise<Map<string, string> | null> {
  if (board.of === 'people' && board.for === undefined) return null;
  const parameters = new Parameters();
  const condition = await audienceOf(manager, board.for, now, parameters);
  const subject = board.of === 'people' ? 'people.id::text' : `people.${board.of}`;
  const rows: { id: string; subject: string }[] = await manager.query(
    `SELECT people.id, ${subject} AS subject FROM people LEFT JOIN teams ON teams.name = people.team
     WHERE ${subject} IS NOT NULL AND ${condition}`,
    parameters.list,
  );
  return new Map(rows.map(({ id, subject: name }) => [id, name]));
}

/** What some people stand at, told afresh; who has nothing has a score of 0. */
export async function readScores(
  manager: EntityManager,
  metric: string,
  stretch: Stretch,
  people: readonly string[],
): Promise<Score[]> {
  const parameters = new Parameters();
  const sql = scoresSql(metric, stretch, parameters, people);
  const rows: Score[] = await manager.query(
    `SELECT person_id AS id, score, (extract(epoch FROM reached_at) * 1000)::float8 AS "reachedAt" FROM (${sql}) scores`,
    parameters.list,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return people.map((id) => found.get(id) ?? { id, score: 0, reachedAt: 0 });
}

/** Which of these people (or of all) do not want their name on boards. */
export async function readHidden(
  manager: EntityManager,
  people: readonly string[] | null,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM people WHERE NOT consents_ranking AND ($1::uuid[] IS NULL OR id = ANY($1))`,
    [people],
  );
  return rows.map(({ id }) => id);
}
