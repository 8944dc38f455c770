import type { EntityManager } from 'typeorm';
import type { LogQuestion } from '#libs/scoring';

// Alike in what the question asks for; whoever names somebody writes the id in any case.
const ALIKE = `a.person_id = q.person AND a.type = q.type AND a.data @> q.same AND (q.object IS NULL OR a.object_id = q.object)
  AND (q.field IS NULL OR lower(a.data->>q.field) = q.towards)`;

/**
 * The questions the log says yes to: so many and the activity itself lie within the time. The log holds the batch already; of it only what
 * comes earlier counts, so that the ones too many are the last. Plan: nested loops over `activities_person`, at most `most` rows each way.
 */
export async function confirmed(
  manager: EntityManager,
  questions: readonly LogQuestion[],
  batch: readonly string[],
): Promise<LogQuestion[]> {
  if (questions.length === 0) return [];
  const rows: { place: number }[] = await manager.query(
    `SELECT place FROM jsonb_to_recordset($1::jsonb) AS q(place int, person uuid, type text, same jsonb, object text, field text,
       towards text, since timestamptz, until timestamptz, "isAfter" boolean, at timestamptz, id uuid, most int)
     WHERE EXISTS (
       SELECT FROM (
         SELECT lead(at, q.most) OVER (ORDER BY at) - at AS span FROM (
           SELECT q.at
           UNION ALL (SELECT a.occurred_at FROM activities a
             WHERE ${ALIKE} AND a.occurred_at > q.since AND (a.occurred_at, a.id) < (q.at, q.id)
             ORDER BY a.occurred_at DESC LIMIT q.most)
           UNION ALL (SELECT a.occurred_at FROM activities a
             WHERE ${ALIKE} AND NOT q."isAfter" AND (a.occurred_at, a.id) > (q.at, q.id) AND a.occurred_at < q.until
               AND a.id <> ALL($2::uuid[])
             ORDER BY a.occurred_at LIMIT q.most)
         ) near(at)
       ) runs WHERE span < q.at - q.since
     )`,
    [JSON.stringify(questions.map(rowOf)), batch],
  );
  return rows.map(({ place }) => questions[place]!);
}

const rowOf = (
  { activity, personId, type, same, objectId, towards, within, isAfter, most }: LogQuestion,
  place: number,
): object => ({
  place,
  person: personId,
  type,
  same,
  object: objectId ?? null,
  field: towards?.field ?? null,
  towards: towards?.personId ?? null,
  since: new Date(activity.occurredAt - within).toISOString(),
  until: new Date(activity.occurredAt + within).toISOString(),
  isAfter,
  at: new Date(activity.occurredAt).toISOString(),
  id: activity.id,
  most,
});
