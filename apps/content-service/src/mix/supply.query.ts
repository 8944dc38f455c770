import type { EntityManager } from 'typeorm';
import { seenBy, shown, targeted } from '../targeting/targeted.query.js';
import type { Condition } from '../targeting/targeted.query.js';
import type { Span } from './mix.query.js';

/** Whom something is told of: a team, or those who read a language. */
export interface Group {
  groupBy: 'team' | 'language';
  name: string;
}

/** How many posts a team was shown, and how often its people shared. */
export interface TeamFigures {
  team: string;
  posts: number;
  shares: number;
}

/** The first moment anything came out; null in an empty library. */
export async function firstPublication(manager: EntityManager): Promise<Date | null> {
  const [row]: { at: Date | null }[] = await manager.query(`SELECT min(at) AS at FROM publications`);
  return row!.at;
}

/** When every team was last shown something new since `from`; null: not at all. */
export async function lastShownToTeams(
  manager: EntityManager,
  { from, to }: Span,
  fallback: string,
): Promise<(Group & { at: Date | null })[]> {
  return lastShown(manager, { from, to }, 'team', await shown(manager, fallback, 2));
}

/** When there last was something new in every language that has had anything since `from`. */
export async function lastInLanguages(manager: EntityManager, span: Span): Promise<(Group & { at: Date })[]> {
  const { sql, parameters } = await targeted(manager, 2);
  const own = { sql: `people.language = ANY(posts.languages) AND ${sql}`, parameters };
  const groups = await lastShown(manager, span, 'language', own);
  return groups.flatMap(({ at, ...group }) => (at === null ? [] : [{ ...group, at }]));
}

async function lastShown(
  manager: EntityManager,
  { from, to }: Span,
  column: Group['groupBy'],
  condition: Condition,
): Promise<(Group & { at: Date | null })[]> {
  return manager.query(
    `SELECT '${column}' AS "groupBy", groups.name, last.at
     FROM (SELECT DISTINCT ${column} AS name FROM people WHERE active AND ${column} IS NOT NULL) groups
     LEFT JOIN LATERAL (
       SELECT at FROM publications JOIN posts ON posts.id = post_id
       WHERE at > $1 AND at <= $2 AND ${seenBy(column, condition)}
       ORDER BY at DESC LIMIT 1
     ) last ON true ORDER BY groups.name`,
    [from, to, ...condition.parameters],
  );
}

/** What every team was shown, and what its people shared, in a span. */
export async function teamFigures(
  manager: EntityManager,
  { from, to }: Span,
  fallback: string,
): Promise<TeamFigures[]> {
  const condition = await shown(manager, fallback, 2);
  return manager.query(
    `SELECT groups.name AS team, seen.posts, COALESCE(shared.shares, 0) AS shares
     FROM (SELECT DISTINCT team AS name FROM people WHERE active AND team IS NOT NULL) groups
     CROSS JOIN LATERAL (
       SELECT count(*) AS posts FROM publications JOIN posts ON posts.id = post_id
       WHERE at > $1 AND at <= $2 AND ${seenBy('team', condition)}
     ) seen
     LEFT JOIN (
       SELECT team, count(*) AS shares FROM shares JOIN people USING (person_id)
       WHERE shared_at > $1 AND shared_at <= $2 GROUP BY team
     ) shared ON shared.team = groups.name
     ORDER BY groups.name`,
    [from, to, ...condition.parameters],
  );
}

/** Notes what is wrong now and forgets what is over. Returns those that were not noted before. */
export async function noteAlarms(
  manager: EntityManager,
  kind: string,
  groups: readonly Group[],
  now: Date,
): Promise<Group[]> {
  const lists = [groups.map(({ groupBy }) => groupBy), groups.map(({ name }) => name)];
  await manager.query(
    `DELETE FROM supply_alarms WHERE kind = $1 AND (group_by, name) NOT IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [kind, ...lists],
  );
  return manager.query(
    `INSERT INTO supply_alarms (kind, group_by, name, since) SELECT $1, g.group_by, g.name, $4 FROM unnest($2::text[], $3::text[]) AS g(group_by, name)
     ON CONFLICT DO NOTHING RETURNING group_by AS "groupBy", name`,
    [kind, ...lists, now],
  );
}

/** Claims the day's look: true for one replica, once for each day; the very first day only begins the count. */
export async function claimDay(manager: EntityManager, day: string): Promise<boolean> {
  const [begun]: { begun: boolean }[] = await manager.query(
    `SELECT EXISTS (SELECT FROM supply_checks) AS begun`,
  );
  const claimed: object[] = await manager.query(
    `INSERT INTO supply_checks (day) VALUES ($1) ON CONFLICT (id) DO UPDATE SET day = EXCLUDED.day WHERE supply_checks.day < EXCLUDED.day RETURNING id`,
    [day],
  );
  return begun!.begun && claimed.length > 0;
}

/** The last day that was looked at; null before the first. */
export async function lastDay(manager: EntityManager): Promise<string | null> {
  const [row]: { day: string }[] = await manager.query(`SELECT day::text AS day FROM supply_checks`);
  return row?.day ?? null;
}
