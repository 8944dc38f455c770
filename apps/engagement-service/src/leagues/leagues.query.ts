import type { EntityManager } from 'typeorm';
import type { Period } from '#libs/calendar';
import type { Finisher, League, LeagueOutcome, Matchable, Matched, Stretch } from '#libs/scoring';
import { audienceOf } from '../boards/boards.query.js';
import { Parameters, scoresSql } from '../boards/scores.query.js';

/** A week of a league. `joinsAt` is when newcomers are let in next. */
export interface Week {
  id: string;
  league: string;
  periodKey: string;
  start: Date;
  end: Date;
  joinsAt: Date;
  closedAt: Date | null;
}

const WEEK = `id, league, period_key AS "periodKey", start_at AS start, end_at AS end, joins_at AS "joinsAt", closed_at AS "closedAt"`;

/** The newest week of a league, or that of a key. */
export async function findWeek(
  manager: Pick<EntityManager, 'query'>,
  league: string,
  key: string | null = null,
): Promise<Week | null> {
  const [row]: Week[] = await manager.query(
    `SELECT ${WEEK} FROM league_weeks WHERE league = $1 AND ($2::text IS NULL OR period_key = $2) ORDER BY start_at DESC LIMIT 1`,
    [league, key],
  );
  return row ?? null;
}

/** Opens a week; false when another replica has. */
export async function openWeek(
  manager: EntityManager,
  week: { id: string; league: string; period: Period; joinsAt: Date; now: Date },
): Promise<boolean> {
  const { id, league, period, joinsAt, now } = week;
  const rows: object[] = await manager.query(
    `INSERT INTO league_weeks (id, league, period_key, start_at, end_at, joins_at, opened_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
    [id, league, period.key, new Date(period.start), new Date(period.end), joinsAt, now],
  );
  return rows.length > 0;
}

/** Takes a week to work on it: one replica at a time, and only while it is as it was seen. */
export async function lockWeek(manager: EntityManager, { id, joinsAt }: Week): Promise<boolean> {
  const rows: object[] = await manager.query(
    `SELECT FROM league_weeks WHERE id = $1 AND closed_at IS NULL AND joins_at = $2 FOR UPDATE SKIP LOCKED`,
    [id, joinsAt],
  );
  return rows.length > 0;
}

/**
 * Who has scored in a stretch, may be ranked and does not play this week yet, with the tier of their last week (the lowest for
 * newcomers).
 */
export async function activePeople(
  manager: EntityManager,
  league: League,
  { weekId, stretch, now }: { weekId: string; stretch: Stretch; now: Date },
): Promise<Matchable[]> {
  const parameters = new Parameters();
  const scores = scoresSql(league.metric, stretch, parameters);
  const condition = await audienceOf(manager, league.for, now, parameters);
  const [id, week] = [parameters.add(league.id, 'text'), parameters.add(weekId, 'uuid')];
  return manager.query(
    `SELECT people.id AS "personId", score::float8 AS activity, COALESCE(last.tier, 0) AS tier
     FROM people LEFT JOIN teams ON teams.name = people.team JOIN (${scores}) scores ON person_id = people.id
     LEFT JOIN (
       SELECT DISTINCT ON (person_id) person_id, next_tier AS tier FROM league_results JOIN league_weeks ON id = week_id
       WHERE league = ${id} ORDER BY person_id, start_at DESC
     ) last ON last.person_id = people.id
     WHERE score > 0 AND people.active AND people.consents_ranking AND ${condition}
       AND NOT EXISTS (SELECT FROM league_members m WHERE m.week_id = ${week} AND m.person_id = people.id)`,
    parameters.list,
  );
}

export async function addMembers(
  manager: EntityManager,
  weekId: string,
  matched: readonly Matched[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO league_members (week_id, person_id, tier, group_number, joined_at)
     SELECT $1, person_id, tier, group_number, $2 FROM unnest($3::uuid[], $4::int[], $5::int[]) AS m(person_id, tier, group_number)
     ON CONFLICT DO NOTHING`,
    [
      weekId,
      now,
      matched.map(({ personId }) => personId),
      matched.map(({ tier }) => tier),
      matched.map(({ group }) => group),
    ],
  );
}

/** The groups of a week with how many play in each, and the tier most of them are in. */
export function groupsOf(
  manager: Pick<EntityManager, 'query'>,
  weekId: string,
): Promise<{ group: number; people: number; tier: number }[]> {
  return manager.query(
    `SELECT group_number AS "group", count(*)::int AS people, mode() WITHIN GROUP (ORDER BY tier) AS tier FROM league_members
     WHERE week_id = $1 GROUP BY group_number ORDER BY group_number`,
    [weekId],
  );
}

export async function setJoins(manager: EntityManager, id: string, joinsAt: Date): Promise<void> {
  await manager.query(`UPDATE league_weeks SET joins_at = $2 WHERE id = $1`, [id, joinsAt]);
}

/** Somebody in their group as it stands. */
export interface GroupPlace extends Finisher {
  group: number;
  rank: number;
  reachedAt: Date | null;
  hidden: boolean;
}

/** The places of a group, or of all groups, counted now; who has nothing stands at the end. */
export async function standings(
  manager: Pick<EntityManager, 'query'>,
  metric: string,
  stretch: Stretch,
  { weekId, group }: { weekId: string; group: number | null },
): Promise<GroupPlace[]> {
  const members: { id: string }[] =
    group === null
      ? []
      : await manager.query(
          `SELECT person_id AS id FROM league_members WHERE week_id = $1 AND group_number = $2`,
          [weekId, group],
        );
  const parameters = new Parameters();
  const scores = scoresSql(
    metric,
    stretch,
    parameters,
    group === null ? undefined : members.map(({ id }) => id),
  );
  const [week, number] = [parameters.add(weekId, 'uuid'), parameters.add(group, 'int')];
  return manager.query(
    `SELECT m.person_id AS "personId", m.tier, m.group_number AS "group", GREATEST(COALESCE(score, 0), 0)::float8 AS score,
       reached_at AS "reachedAt", NOT COALESCE(people.consents_ranking, false) AS hidden,
       rank() OVER (PARTITION BY m.group_number ORDER BY GREATEST(COALESCE(score, 0), 0) DESC)::int AS rank,
       row_number() OVER (PARTITION BY m.group_number
         ORDER BY GREATEST(COALESCE(score, 0), 0) DESC, reached_at NULLS LAST, m.person_id)::int AS place
     FROM league_members m LEFT JOIN (${scores}) scores ON scores.person_id = m.person_id
     LEFT JOIN people ON people.id = m.person_id
     WHERE m.week_id = ${week} AND (${number} IS NULL OR m.group_number = ${number}) ORDER BY m.group_number, place`,
    parameters.list,
  );
}

/** A final place. */
export interface Result extends GroupPlace {
  outcome: LeagueOutcome;
  nextTier: number;
}

/** Keeps the results of a week for good and closes it. */
export async function closeWeek(
  manager: EntityManager,
  weekId: string,
  results: readonly Result[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO league_results (week_id, person_id, tier, group_number, rank, place, score, reached_at, outcome, next_tier)
     SELECT $1, "personId", tier, "group", rank, place, score, "reachedAt", outcome, "nextTier"
     FROM jsonb_to_recordset($2::jsonb) AS r("personId" uuid, tier int, "group" int, rank int, place int, score float8,
       "reachedAt" timestamptz, outcome text, "nextTier" int)`,
    [weekId, JSON.stringify(results)],
  );
  await manager.query(`UPDATE league_weeks SET closed_at = $2 WHERE id = $1`, [weekId, now]);
}

/** The final places of a group (or of all), best first. */
export function resultsOf(
  manager: Pick<EntityManager, 'query'>,
  weekId: string,
  group: number,
): Promise<Result[]> {
  return manager.query(
    `SELECT person_id AS "personId", r.tier, group_number AS "group", rank, place, score, reached_at AS "reachedAt", outcome,
       next_tier AS "nextTier", NOT COALESCE(people.consents_ranking, false) AS hidden
     FROM league_results r LEFT JOIN people ON people.id = person_id WHERE week_id = $1 AND group_number = $2 ORDER BY place`,
    [weekId, group],
  );
}

/** The group somebody plays in that week; null when in none. */
export async function groupOf(
  manager: Pick<EntityManager, 'query'>,
  weekId: string,
  personId: string,
): Promise<{ group: number; tier: number } | null> {
  const [row]: { group: number; tier: number }[] = await manager.query(
    `SELECT group_number AS "group", tier FROM league_members WHERE week_id = $1 AND person_id = $2`,
    [weekId, personId],
  );
  return row ?? null;
}
