import type { EntityManager } from 'typeorm';
import type { EarlierQuestion } from '#libs/scoring';

/**
 * The questions the log says yes to. The log holds the batch already, so that what comes earlier in it counts; it looks no further than
 * needed. Plan: a nested loop over `activities_person`, at most `most` rows for each question.
 */
export async function confirmed(
  manager: EntityManager,
  questions: readonly EarlierQuestion[],
): Promise<EarlierQuestion[]> {
  if (questions.length === 0) return [];
  const rows: { place: number }[] = await manager.query(
    `SELECT place FROM jsonb_to_recordset($1::jsonb) AS q(place int, person uuid, type text, same jsonb, object text, since timestamptz,
       at timestamptz, id uuid, most int)
     CROSS JOIN LATERAL (
       SELECT count(*) AS count FROM (
         SELECT FROM activities a
         WHERE a.person_id = q.person AND a.type = q.type AND a.occurred_at > q.since AND (a.occurred_at, a.id) < (q.at, q.id)
           AND a.data @> q.same AND (q.object IS NULL OR a.object_id = q.object)
         LIMIT q.most
       ) few
     ) earlier WHERE earlier.count >= q.most`,
    [JSON.stringify(questions.map(rowOf))],
  );
  return rows.map(({ place }) => questions[place]!);
}

const rowOf = (
  { activity, personId, type, same, objectId, since, most }: EarlierQuestion,
  place: number,
): object => ({
  place,
  person: personId,
  type,
  same,
  object: objectId ?? null,
  since: new Date(since).toISOString(),
  at: new Date(activity.occurredAt).toISOString(),
  id: activity.id,
  most,
});
