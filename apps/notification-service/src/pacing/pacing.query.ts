import type { EntityManager } from 'typeorm';

const PLAN_LOCK = 7_202_613;

/** Held while a plan is made: two replicas that plan for one person at a time would both use the last free place. */
export async function lockPlans(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [PLAN_LOCK]);
}

/** When mails went out since an instant that count, by person; epoch milliseconds. */
export async function countedSince(
  manager: EntityManager,
  personIds: readonly string[],
  since: Date,
): Promise<Map<string, number[]>> {
  const rows: { personId: string; at: Date[] }[] = await manager.query(
    `SELECT person_id AS "personId", array_agg(counted_at) AS at FROM deliveries
     WHERE person_id = ANY($1::uuid[]) AND counted_at > $2 GROUP BY person_id`,
    [personIds, since],
  );
  return new Map(rows.map(({ personId, at }) => [personId, at.map((one) => one.getTime())]));
}

/** A delivery that goes out now: which mail it goes with, and whether that mail counts by it. */
export interface Departure {
  id: string;
  bundle: string | null;
  counts: boolean;
}

/** Notes with which mail deliveries go, and takes the places of those that count. */
export async function storeDepartures(
  manager: EntityManager,
  departures: readonly Departure[],
  now: Date,
): Promise<void> {
  await manager.query(
    `UPDATE deliveries d SET bundle = r.bundle, counted_at = CASE WHEN r.counts THEN $4 ELSE d.counted_at END
     FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS r (id, bundle, counts) WHERE d.id = r.id`,
    [
      departures.map(({ id }) => id),
      departures.map(({ bundle }) => bundle),
      departures.map(({ counts }) => counts),
      now,
    ],
  );
}
