import type { EntityManager } from 'typeorm';
import { rowsOf } from '../workflows/columns.js';
import type { AwardRow } from './grants.js';

/** Writes awards that are not there yet; returns their ids. */
export async function insertAwards(manager: EntityManager, rows: readonly AwardRow[]): Promise<Set<string>> {
  const { names, values, table, parameters } = rowsOf([
    ['id', 'uuid', rows.map(({ id }) => id)],
    ['badge', 'text', rows.map(({ badge }) => badge)],
    ['person_id', 'uuid', rows.map(({ personId }) => personId)],
    ['period_key', 'text', rows.map(({ periodKey }) => periodKey)],
    ['tier', 'text', rows.map(({ tier }) => tier ?? '')],
    ['cause', 'text', rows.map(({ cause }) => cause)],
    ['earned_at', 'timestamptz', rows.map(({ earnedAt }) => earnedAt.toISOString())],
  ]);
  const fresh: { id: string }[] = await manager.query(
    `INSERT INTO badge_awards (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING RETURNING id`,
    parameters,
  );
  return new Set(fresh.map(({ id }) => id));
}

/** Of the awards that only the first may have, those that are; two who come at once wait for each other here, and one goes on. */
export async function claimFirsts(
  manager: EntityManager,
  rows: readonly (AwardRow & { within: 'company' | 'team' })[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const asked = JSON.stringify(rows.map((row) => ({ ...row, earnedAt: row.earnedAt.toISOString() })));
  await manager.query(
    `INSERT INTO badge_firsts (badge, scope, period_key, person_id)
     SELECT f.badge, CASE within WHEN 'team' THEN 'team ' || p.team ELSE 'company' END AS scope, f."periodKey", p.id
     FROM jsonb_to_recordset($1::jsonb) AS f(badge text, "personId" uuid, "periodKey" text, "earnedAt" timestamptz, within text)
     JOIN people p ON p.id = f."personId" AND (within <> 'team' OR p.team IS NOT NULL)
     ORDER BY f.badge, scope, f."periodKey", f."earnedAt", p.id ON CONFLICT DO NOTHING`,
    [asked],
  );
  // Whoever was first before may be named again, and has the badge already.
  const firsts: { id: string }[] = await manager.query(
    `SELECT f.id FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, badge text, "personId" uuid, "periodKey" text)
     JOIN badge_firsts b ON b.badge = f.badge AND b.period_key = f."periodKey" AND b.person_id = f."personId"`,
    [asked],
  );
  return new Set(firsts.map(({ id }) => id));
}

/** A set of badges, by the badge it brings. */
export interface BadgeSet {
  badge: string;
  parts: readonly string[];
}

/** Who of these people has all badges of a set, and since when. */
export const completeSets = (
  manager: EntityManager,
  sets: readonly BadgeSet[],
  personIds: readonly string[],
): Promise<{ badge: string; personId: string; earnedAt: Date }[]> =>
  manager.query(
    `SELECT badge, person_id AS "personId", max(earned_at) AS "earnedAt" FROM (
       SELECT s.badge, cardinality(s.parts) AS wanted, a.person_id, a.badge AS part, min(a.earned_at) AS earned_at
       FROM jsonb_to_recordset($1::jsonb) AS s(badge text, parts text[])
       JOIN badge_awards a ON a.person_id = ANY($2::uuid[]) AND a.badge = ANY(s.parts) AND a.revoked_at IS NULL
       GROUP BY s.badge, s.parts, a.person_id, a.badge) held
     GROUP BY badge, wanted, person_id HAVING count(*) = wanted`,
    [JSON.stringify(sets), personIds],
  );

/** An award as it is told over REST. */
export interface Award {
  id: string;
  badge: string;
  personId: string;
  periodKey: string;
  tier: string | null;
  cause: string;
  earnedAt: Date;
}

const AWARD = `id, person_id AS "personId", period_key AS "periodKey", nullif(tier, '') AS tier, cause, earned_at AS "earnedAt"`;

/** Who has a badge, oldest first, a page behind an award. */
export const pageOfAwards = (
  manager: EntityManager,
  badge: string,
  after: string | null,
  limit: number,
): Promise<object[]> =>
  manager.query(
    `SELECT ${AWARD} FROM badge_awards
     WHERE badge = $1 AND revoked_at IS NULL
       AND ($2::uuid IS NULL OR (earned_at, id) > (SELECT earned_at, id FROM badge_awards WHERE id = $2))
     ORDER BY earned_at, id LIMIT $3`,
    [badge, after, limit],
  );

/** What a person has, newest first. */
export const awardsOf = (manager: EntityManager, personId: string): Promise<Omit<Award, 'personId'>[]> =>
  manager.query(
    `SELECT id, badge, period_key AS "periodKey", nullif(tier, '') AS tier, cause, earned_at AS "earnedAt" FROM badge_awards
     WHERE person_id = $1 AND revoked_at IS NULL ORDER BY earned_at DESC, id`,
    [personId],
  );

/** Takes an award back that stands; null when there is none. */
export async function revokeAward(
  manager: EntityManager,
  id: string,
  now: Date,
  reason: string,
): Promise<Award | null> {
  const [[award]]: [Award[], number] = await manager.query(
    `UPDATE badge_awards SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL RETURNING badge, ${AWARD}`,
    [id, now, reason],
  );
  return award ?? null;
}

/** The award to take back: that of a period, or else the newest; locked. */
export async function awardToRevoke(
  manager: EntityManager,
  badge: string,
  personId: string,
  periodKey: string | null,
): Promise<string | null> {
  const [row]: { id: string }[] = await manager.query(
    `SELECT id FROM badge_awards WHERE badge = $1 AND person_id = $2 AND ($3::text IS NULL OR period_key = $3)
       AND revoked_at IS NULL ORDER BY earned_at DESC, id LIMIT 1 FOR UPDATE`,
    [badge, personId, periodKey],
  );
  return row?.id ?? null;
}

/** Whether there is such an award, taken back or not. */
export async function isAward(manager: EntityManager, id: string): Promise<boolean> {
  const rows: object[] = await manager.query(`SELECT FROM badge_awards WHERE id = $1`, [id]);
  return rows.length > 0;
}
