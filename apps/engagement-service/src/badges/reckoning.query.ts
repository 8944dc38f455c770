import type { EntityManager } from 'typeorm';
import type { Activity, BadgeWatch, Tier } from '#libs/scoring';

/** When a person first came to a threshold in a period: the local day, and its end in their zone. */
export interface Passed {
  personId: string;
  tier: Tier | null;
  reaches: number;
  day: string;
  earnedAt: Date;
}

const PERIODS: Record<BadgeWatch['per'], string> = {
  all_time: `'all'`,
  day: `day::text`,
  week: `date_trunc('week', day)::text`,
  month: `date_trunc('month', day)::text`,
  quarter: `date_trunc('quarter', day)::text`,
};

/** The end of a local day is the earliest moment by which it is sure that the threshold was passed. */
const END_OF_DAY = `least((day + 1)::timestamp AT TIME ZONE coalesce(p.zone, 'UTC') - interval '1 second', $2::timestamptz)`;

/**
 * The thresholds of one metric that these people passed in any period, with how many days were read for it. Plan: the key of metric_days,
 * person by person.
 */
export async function readPassed(
  manager: EntityManager,
  watches: readonly BadgeWatch[],
  personIds: readonly string[],
  now: Date,
): Promise<{ passed: Passed[]; rows: number }> {
  const [{ metric, per }] = watches as [BadgeWatch];
  const rows: (Passed & { read: number })[] = await manager.query(
    `WITH totals AS (
       SELECT person_id, day, ${PERIODS[per]} AS period, count(*) OVER () AS read,
         sum(value) OVER (PARTITION BY person_id, ${PERIODS[per]} ORDER BY day) AS total
       FROM metric_days WHERE metric = $1 AND person_id = ANY($3::uuid[])
     ), passed AS (
       SELECT person_id, nullif(tier, '') AS tier, reaches, min(day) AS day, max(read)::int AS read
       FROM totals JOIN unnest($4::text[], $5::float8[]) AS s(tier, reaches) ON total >= reaches
       GROUP BY person_id, period, tier, reaches
     )
     SELECT person_id AS "personId", tier, reaches, day::text AS day, ${END_OF_DAY} AS "earnedAt", read
     FROM passed LEFT JOIN people p ON p.id = person_id ORDER BY day, person_id, reaches`,
    [metric, now, personIds, watches.map(({ tier }) => tier ?? ''), watches.map(({ reaches }) => reaches)],
  );
  return { passed: rows, rows: rows[0]?.read ?? 0 };
}

/** Everything these people did, earliest first, of these types. */
export async function readActivities(
  manager: EntityManager,
  types: readonly string[],
  personIds: readonly string[],
): Promise<Activity[]> {
  const rows: (Omit<Activity, 'occurredAt'> & { occurredAt: Date })[] = await manager.query(
    `SELECT id, type, person_id AS "personId", object_id AS "objectId", occurred_at AS "occurredAt", day::text AS day, data
     FROM activities WHERE person_id = ANY($2::uuid[]) AND type = ANY($1) ORDER BY occurred_at, id`,
    [types, personIds],
  );
  return rows.map((row) => ({ ...row, occurredAt: row.occurredAt.getTime() }));
}

/** Of these awards those that are there already. */
export async function knownAwards(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM badge_awards WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Puts the sums of objects right, also those that nobody asked about while they grew. */
export async function setObjects(
  manager: EntityManager,
  sums: readonly { personId: string; metric: string; of: string; objectId: string; value: number }[],
): Promise<void> {
  await manager.query(
    `INSERT INTO metric_objects (person_id, metric, "of", object_id, value)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[])
     ON CONFLICT (person_id, metric, "of", object_id) DO UPDATE SET value = EXCLUDED.value`,
    [
      sums.map((sum) => sum.personId),
      sums.map((sum) => sum.metric),
      sums.map((sum) => sum.of),
      sums.map((sum) => sum.objectId),
      sums.map((sum) => sum.value),
    ],
  );
}
