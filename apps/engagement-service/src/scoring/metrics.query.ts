import type { EntityManager } from 'typeorm';
import { objectKey } from '#libs/scoring';
import type { Candidate, Crossing, Element, Increment, ObjectSum } from '#libs/scoring';

export async function addIncrements(manager: EntityManager, increments: readonly Increment[]): Promise<void> {
  if (increments.length === 0) return;
  await manager.query(
    `INSERT INTO metric_days (metric, person_id, day, value)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::date[], $4::float8[])
     ON CONFLICT (person_id, metric, day) DO UPDATE SET value = metric_days.value + EXCLUDED.value`,
    [
      increments.map((item) => item.metric),
      increments.map((item) => item.personId),
      increments.map((item) => item.day),
      increments.map((item) => item.value),
    ],
  );
}

/** Notes what distinct metrics have met, once for each day. */
export async function addElements(manager: EntityManager, elements: readonly Element[]): Promise<void> {
  if (elements.length === 0) return;
  await manager.query(
    `INSERT INTO metric_elements (person_id, metric, element, day)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[]) ON CONFLICT DO NOTHING`,
    [
      elements.map(({ personId }) => personId),
      elements.map(({ metric }) => metric),
      elements.map(({ element }) => element),
      elements.map(({ day }) => day),
    ],
  );
}

/** Which elements of a batch were counted already where candidates are counted, by the place of the candidate. */
export async function readKnownElements(
  manager: EntityManager,
  candidates: readonly Candidate[],
  elements: readonly Element[],
): Promise<Map<number, string[]>> {
  const met = new Map<string, Set<string>>();
  for (const { personId, metric, element } of elements)
    met.set(`${personId}|${metric}`, (met.get(`${personId}|${metric}`) ?? new Set()).add(element));
  const asked = candidates.flatMap(({ personId, metric, from, to }, place) =>
    [...(met.get(`${personId}|${metric}`) ?? [])].map((element) => ({
      place,
      personId,
      metric,
      element,
      from,
      to,
    })),
  );
  if (asked.length === 0) return new Map();
  const rows: { place: number; element: string }[] = await manager.query(
    `SELECT place, element FROM jsonb_to_recordset($1::jsonb) AS c(place int, "personId" uuid, metric text, element text, "from" date, "to" date)
     WHERE EXISTS (SELECT FROM metric_elements e WHERE e.person_id = c."personId" AND e.metric = c.metric
       AND e.element = c.element AND e.day >= c."from" AND e.day < c."to")`,
    [JSON.stringify(asked)],
  );
  const known = new Map<number, string[]>();
  for (const { place, element } of rows) known.set(place, [...(known.get(place) ?? []), element]);
  return known;
}

/** The candidates nobody has noted yet, each with the sum it stands at. */
export async function readStandings(
  manager: EntityManager,
  candidates: readonly Candidate[],
  distinct: readonly string[],
): Promise<{ candidate: Candidate; value: number }[]> {
  if (candidates.length === 0) return [];
  const rows: { place: number; value: number }[] = await manager.query(
    `SELECT place::int, coalesce(CASE WHEN c.metric = ANY($2::text[]) THEN (
       SELECT count(DISTINCT e.element) FROM metric_elements e
       WHERE e.person_id = c."personId" AND e.metric = c.metric AND e.day >= c."from" AND e.day < c."to"
     ) ELSE (
       SELECT sum(d.value) FROM metric_days d
       WHERE d.person_id = c."personId" AND d.metric = c.metric AND d.day >= c."from" AND d.day < c."to"
     ) END, 0) AS value
     FROM jsonb_to_recordset($1::jsonb) AS c(place int, "personId" uuid, metric text, per text, "periodKey" text,
       threshold float8, "from" date, "to" date)
     WHERE NOT EXISTS (SELECT FROM metric_crossings x WHERE x.person_id = c."personId" AND x.metric = c.metric
       AND x.per = c.per AND x.period_key = c."periodKey" AND x.threshold = c.threshold)`,
    [JSON.stringify(candidates.map((candidate, place) => ({ ...candidate, place }))), distinct],
  );
  return rows.map(({ place, value }) => ({ candidate: candidates[place]!, value }));
}

/** Notes crossings; returns those that are noted for the first time. */
export async function noteCrossings(
  manager: EntityManager,
  crossings: readonly Crossing[],
  now: Date,
): Promise<Crossing[]> {
  if (crossings.length === 0) return [];
  const noted: CrossingKey[] = await manager.query(
    `INSERT INTO metric_crossings (person_id, metric, per, period_key, threshold, at)
     SELECT "personId", metric, per, "periodKey", threshold, $2
     FROM jsonb_to_recordset($1::jsonb) AS c("personId" uuid, metric text, per text, "periodKey" text, threshold float8)
     ON CONFLICT DO NOTHING
     RETURNING person_id AS "personId", metric, per, period_key AS "periodKey", threshold`,
    [JSON.stringify(crossings), now],
  );
  const fresh = new Set(noted.map(crossingKey));
  return crossings.filter((crossing) => fresh.has(crossingKey(crossing)));
}

type CrossingKey = Pick<Crossing, 'personId' | 'metric' | 'per' | 'periodKey' | 'threshold'>;
const crossingKey = ({ personId, metric, per, periodKey, threshold }: CrossingKey): string =>
  [personId, metric, per, periodKey, threshold].join('|');

/** Fills the sums of objects with what is stored of them. */
export async function readObjects(
  manager: EntityManager,
  asked: ReadonlyMap<string, ObjectSum>,
): Promise<Map<string, ObjectSum>> {
  const wanted = [...asked.values()];
  const stored: ObjectSum[] = await manager.query(
    `SELECT person_id AS "personId", metric, "of", object_id AS "objectId", value
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS w(person_id, metric, "of", object_id)
     JOIN metric_objects USING (person_id, metric, "of", object_id)`,
    [
      wanted.map((sum) => sum.personId),
      wanted.map((sum) => sum.metric),
      wanted.map((sum) => sum.of),
      wanted.map((sum) => sum.objectId),
    ],
  );
  return new Map([...asked, ...stored.map((sum) => [objectKey(sum), sum] as const)]);
}

export async function addObjects(manager: EntityManager, sums: readonly ObjectSum[]): Promise<void> {
  await manager.query(
    `INSERT INTO metric_objects (person_id, metric, "of", object_id, value)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[])
     ON CONFLICT (person_id, metric, "of", object_id) DO UPDATE SET value = metric_objects.value + EXCLUDED.value`,
    [
      sums.map((sum) => sum.personId),
      sums.map((sum) => sum.metric),
      sums.map((sum) => sum.of),
      sums.map((sum) => sum.objectId),
      sums.map((sum) => sum.value),
    ],
  );
}
