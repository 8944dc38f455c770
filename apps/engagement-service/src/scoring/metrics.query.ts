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
    `SELECT place, element
     FROM unnest((SELECT $1::int[]), (SELECT $2::uuid[]), (SELECT $3::text[]), (SELECT $4::text[]), (SELECT $5::date[]), (SELECT $6::date[]))
       AS c(place, person_id, metric, element, since, until)
     WHERE EXISTS (SELECT FROM metric_elements e WHERE e.person_id = c.person_id AND e.metric = c.metric
       AND e.element = c.element AND e.day >= c.since AND e.day < c.until)`,
    [
      asked.map(({ place }) => place),
      asked.map(({ personId }) => personId),
      asked.map(({ metric }) => metric),
      asked.map(({ element }) => element),
      asked.map(({ from }) => from),
      asked.map(({ to }) => to),
    ],
  );
  const known = new Map<number, string[]>();
  for (const { place, element } of rows) known.set(place, [...(known.get(place) ?? []), element]);
  return known;
}

/** Candidates of one metric of a person that are counted around one day. */
interface Around {
  personId: string;
  metric: string;
  day: string;
  since: string;
  candidates: Candidate[];
}

function around(candidates: readonly Candidate[]): Around[] {
  const groups = new Map<string, Around>();
  for (const candidate of candidates) {
    const { personId, metric, day, from } = candidate;
    const key = `${personId}|${metric}|${day}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { personId, metric, day, since: from, candidates: [candidate] });
    else {
      group.candidates.push(candidate);
      if (from < group.since) group.since = from;
    }
  }
  return [...groups.values()];
}

/**
 * The sums candidates stand at: one look at the days of a person's metric answers for all its periods and thresholds.
 * Plan: a nested loop over the key of metric_days; the arrays hide from the planner how many they are.
 */
export async function readSums(
  manager: EntityManager,
  candidates: readonly Candidate[],
): Promise<Map<Candidate, number>> {
  if (candidates.length === 0) return new Map();
  const groups = around(candidates);
  const rows: ({ place: number } & Record<Candidate['per'], number | null>)[] = await manager.query(
    `SELECT place::int, sums.* FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[]), (SELECT $3::date[]), (SELECT $4::date[]))
       WITH ORDINALITY AS g(person_id, metric, day, since, place)
     CROSS JOIN LATERAL (SELECT date_trunc('week', g.day::timestamp) AS week, date_trunc('month', g.day::timestamp) AS month,
       date_trunc('quarter', g.day::timestamp) AS quarter) b
     CROSS JOIN LATERAL (SELECT sum(value) AS all_time, sum(value) FILTER (WHERE d.day = g.day) AS day,
         sum(value) FILTER (WHERE d.day >= b.week AND d.day < b.week + interval '1 week') AS week,
         sum(value) FILTER (WHERE d.day >= b.month AND d.day < b.month + interval '1 month') AS month,
         sum(value) FILTER (WHERE d.day >= b.quarter AND d.day < b.quarter + interval '3 months') AS quarter
       FROM metric_days d WHERE d.person_id = g.person_id AND d.metric = g.metric AND d.day >= g.since) sums`,
    [
      groups.map(({ personId }) => personId),
      groups.map(({ metric }) => metric),
      groups.map(({ day }) => day),
      groups.map(({ since }) => since),
    ],
  );
  return new Map(
    rows.flatMap(({ place, ...sums }) =>
      groups[place - 1]!.candidates.map((candidate) => [candidate, sums[candidate.per] ?? 0] as const),
    ),
  );
}

/** How many different things candidates of distinct metrics stand at. */
export async function readCounts(
  manager: EntityManager,
  candidates: readonly Candidate[],
): Promise<Map<Candidate, number>> {
  if (candidates.length === 0) return new Map();
  const rows: { place: number; value: number }[] = await manager.query(
    `SELECT place::int, (SELECT count(DISTINCT e.element) FROM metric_elements e
         WHERE e.person_id = c.person_id AND e.metric = c.metric AND e.day >= c.since AND e.day < c.until) AS value
     FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[]), (SELECT $3::date[]), (SELECT $4::date[]))
       WITH ORDINALITY AS c(person_id, metric, since, until, place)`,
    [
      candidates.map(({ personId }) => personId),
      candidates.map(({ metric }) => metric),
      candidates.map(({ from }) => from),
      candidates.map(({ to }) => to),
    ],
  );
  return new Map(rows.map(({ place, value }) => [candidates[place - 1]!, value]));
}

/** Notes crossings; returns those that are noted for the first time: most have been before. */
export async function noteCrossings(
  manager: EntityManager,
  crossings: readonly Crossing[],
  now: Date,
): Promise<Crossing[]> {
  if (crossings.length === 0) return [];
  const noted: CrossingKey[] = await manager.query(
    `INSERT INTO metric_crossings (person_id, metric, per, period_key, threshold, at)
     SELECT c.*, $6 FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::text[]), (SELECT $5::float8[])) AS c
     ON CONFLICT DO NOTHING
     RETURNING person_id AS "personId", metric, per, period_key AS "periodKey", threshold`,
    [
      crossings.map(({ personId }) => personId),
      crossings.map(({ metric }) => metric),
      crossings.map(({ per }) => per),
      crossings.map(({ periodKey }) => periodKey),
      crossings.map(({ threshold }) => threshold),
      now,
    ],
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
     FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::text[])) AS w(person_id, metric, "of", object_id)
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
