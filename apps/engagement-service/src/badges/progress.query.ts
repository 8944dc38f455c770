import type { EntityManager } from 'typeorm';

/** What a metric of a person comes to between two local days, the second one exclusive. */
export interface WindowAsked {
  metric: string;
  from: string;
  to: string;
}

/** The sums, at the places of what was asked. */
export async function readWindows(
  manager: EntityManager,
  personId: string,
  asked: readonly WindowAsked[],
): Promise<number[]> {
  const rows: { value: number }[] = await manager.query(
    `SELECT coalesce(total.value, 0) AS value
     FROM jsonb_to_recordset($2::jsonb) AS a(place int, metric text, "from" date, "to" date)
     CROSS JOIN LATERAL (SELECT sum(value) AS value FROM metric_days d
       WHERE d.person_id = $1 AND d.metric = a.metric AND d.day >= a."from" AND d.day < a."to") total
     ORDER BY place`,
    [personId, JSON.stringify(asked.map((item, place) => ({ ...item, place })))],
  );
  return rows.map(({ value }) => value);
}

/** What a badge asks of one metric of an object. */
export interface ObjectAsked {
  badge: string;
  of: string;
  metric: string;
  reaches: number;
}

/** Of each badge the object that has come furthest, with how far each of its conditions is, in the order asked. */
export async function readBestObjects(
  manager: EntityManager,
  personId: string,
  asked: readonly ObjectAsked[],
): Promise<Map<string, { objectId: string; values: Record<string, number> }>> {
  const rows: { badge: string; objectId: string; values: Record<string, number> }[] = await manager.query(
    `SELECT DISTINCT ON (badge) badge, object_id AS "objectId", jsonb_object_agg(metric, value) AS values
     FROM jsonb_to_recordset($2::jsonb) AS a(badge text, "of" text, metric text, reaches float8)
     JOIN metric_objects o USING (metric, "of") WHERE person_id = $1
     GROUP BY badge, object_id ORDER BY badge, sum(greatest(0, least(1, value / reaches))) DESC, object_id`,
    [personId, JSON.stringify(asked)],
  );
  return new Map(rows.map(({ badge, ...best }) => [badge, best]));
}
