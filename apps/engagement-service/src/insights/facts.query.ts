import type { EntityManager } from 'typeorm';

/** A metric of a person over local dates, the end exclusive. */
export interface MetricQuestion {
  personId: string;
  metric: string;
  from: string;
  to: string;
}

/** Answers all questions in one statement, in their order; a metric without days is 0. Each metric keeps either days or elements. */
export async function sumMetrics(
  manager: EntityManager,
  questions: readonly MetricQuestion[],
): Promise<number[]> {
  if (questions.length === 0) return [];
  const rows: { value: number }[] = await manager.query(
    `SELECT COALESCE((
       SELECT sum(d.value) FROM metric_days d
       WHERE d.person_id = q.person_id AND d.metric = q.metric AND d.day >= q.from_day AND d.day < q.to_day
     ), 0) + (
       SELECT count(DISTINCT e.element) FROM metric_elements e
       WHERE e.person_id = q.person_id AND e.metric = q.metric AND e.day >= q.from_day AND e.day < q.to_day
     ) AS value
     FROM unnest($1::uuid[], $2::text[], $3::date[], $4::date[]) WITH ORDINALITY AS q(person_id, metric, from_day, to_day, position)
     ORDER BY position`,
    [
      questions.map((question) => question.personId),
      questions.map((question) => question.metric),
      questions.map((question) => question.from),
      questions.map((question) => question.to),
    ],
  );
  return rows.map(({ value }) => value);
}

/** What distinct metrics have met, by the place of the question; other metrics meet nothing. */
export async function elementsMet(
  manager: EntityManager,
  questions: readonly MetricQuestion[],
): Promise<Map<number, string[]>> {
  if (questions.length === 0) return new Map();
  const rows: { place: number; elements: string[] }[] = await manager.query(
    `SELECT place, array_agg(DISTINCT element) AS elements
     FROM jsonb_to_recordset($1::jsonb) AS q(place int, "personId" uuid, metric text, "from" date, "to" date)
     JOIN metric_elements e ON e.person_id = q."personId" AND e.metric = q.metric AND e.day >= q."from" AND e.day < q."to"
     GROUP BY place`,
    [JSON.stringify(questions.map((question, place) => ({ ...question, place })))],
  );
  return new Map(rows.map(({ place, elements }) => [place, elements]));
}
