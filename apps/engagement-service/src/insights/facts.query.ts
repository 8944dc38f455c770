import type { EntityManager } from 'typeorm';

/** A metric of a person over local dates, the end exclusive. */
export interface MetricQuestion {
  personId: string;
  metric: string;
  from: string;
  to: string;
}

/** Answers all questions in one statement, in their order; a metric without days is 0. */
export async function sumMetrics(
  manager: EntityManager,
  questions: readonly MetricQuestion[],
): Promise<number[]> {
  if (questions.length === 0) return [];
  const rows: { value: number }[] = await manager.query(
    `SELECT COALESCE((
       SELECT sum(d.value) FROM metric_days d
       WHERE d.person_id = q.person_id AND d.metric = q.metric AND d.day >= q.from_day AND d.day < q.to_day
     ), 0) AS value
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
