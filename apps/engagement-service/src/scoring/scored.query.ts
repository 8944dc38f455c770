import type { EntityManager } from 'typeorm';
import type { Rule, Scored } from '#libs/scoring';

interface Row extends Omit<Scored['activity'], 'occurredAt' | 'day'> {
  occurredAt: Date;
  actorDay: string;
  recipientId: string;
  recipientDay: string;
  given: number;
  isSettled: boolean;
  isMeant: boolean;
}

/**
 * Whom a rule means, as pairs of an activity (`id`) and a person among $2; `to` was checked when the programme was read. Teams change: who
 * was in one then is whoever the rule has meant then.
 */
function meantSql(to: string): string {
  const listed = `a.type = $4 AND p.id = ANY($2::uuid[]) AND p.active`;
  if (to === 'actor')
    return `SELECT a.id, a.person_id AS recipient FROM activities a WHERE a.person_id = ANY($2::uuid[]) AND a.type = $4 AND a.day >= $3`;
  if (to === 'team')
    return `SELECT a.id, recipient FROM (
      SELECT id, recipient FROM given UNION SELECT source_event_id, person_id FROM refusals WHERE rule = $1 AND person_id = ANY($2::uuid[])
    ) then_meant JOIN activities a USING (id) WHERE a.type = $4`;
  if (to === 'author')
    return `SELECT a.id, p.id FROM activities a LEFT JOIN post_authors w ON w.post_id = a.data->>'postId'
      JOIN people p ON p.id::text = COALESCE(lower(a.data->>'authorId'), w.person_id::text) WHERE ${listed} AND p.id <> a.person_id`;
  return `SELECT a.id, p.id FROM activities a JOIN people p ON p.id::text = lower(a.data->>'${to.slice('event.'.length)}')
    WHERE ${listed} AND p.id <> a.person_id`;
}

/**
 * What a rule means these people by from a local day of theirs on, or has given them, with what it gave.
 * Plan for actors: nested loops over `ledger_person` and `activities_person`, a page of people at a time; for others all activities of the
 * type once a page, which is why their pages are long.
 */
export async function readScored(
  manager: EntityManager,
  rule: Rule,
  personIds: readonly string[],
  from: string,
): Promise<Scored[]> {
  const { to = 'actor' } = rule;
  const rows: Row[] = await manager.query(
    `WITH given AS (
       SELECT source_event_id AS id, person_id AS recipient, sum(points)::bigint AS points, bool_or(
         EXISTS (SELECT FROM holds h WHERE h.entry_id = l.id AND h.state <> 'released')
         OR EXISTS (SELECT FROM ledger r WHERE r.person_id = l.person_id AND r.occurred_at = l.occurred_at
           AND r.kind = 'reverse' AND r.source_event_id = l.id)) AS settled
       FROM ledger l WHERE person_id = ANY($2::uuid[]) AND rule = $1 AND kind IN ('earn', 'adjust') GROUP BY 1, 2
     ), meant AS (${meantSql(to)})
     SELECT a.id, a.type, a.person_id AS "personId", a.object_id AS "objectId", occurred_at AS "occurredAt", a.day::text AS "actorDay", data,
       recipient AS "recipientId", placed.day::text AS "recipientDay", COALESCE(points, 0) AS given, COALESCE(settled, false) AS "isSettled",
       meant.id IS NOT NULL AND NOT EXISTS (SELECT FROM doubted_activities d WHERE d.activity_id = a.id) AS "isMeant"
     FROM given FULL JOIN meant USING (id, recipient) JOIN activities a USING (id) LEFT JOIN people p ON p.id = recipient
     CROSS JOIN LATERAL (SELECT CASE WHEN recipient = a.person_id OR p.id IS NULL THEN a.day
       ELSE (a.occurred_at AT TIME ZONE p.zone)::date END AS day) placed
     WHERE placed.day >= $3 ORDER BY occurred_at, a.id, recipient`,
    [rule.id, personIds, from, rule.when],
  );
  return rows.map(scoredOf);
}

function scoredOf({
  given,
  isSettled,
  isMeant,
  recipientId,
  recipientDay,
  actorDay,
  occurredAt,
  ...activity
}: Row): Scored {
  return {
    activity: { ...activity, day: actorDay, occurredAt: occurredAt.getTime() },
    personId: recipientId,
    day: recipientDay,
    given,
    isSettled,
    isMeant,
  };
}
