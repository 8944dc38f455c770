import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import type { Stretch } from './balances.query.js';
import { BY_HAND, EXPIRY } from './ledger.js';

/** What a declined claim gives back can be spent anew for so long, however old it is. */
const RETURNED_KEEPS_MS = 30 * 86_400_000;

interface Due {
  personId: string;
  points: number;
}

/**
 * Lets expire what these people earned before the cutoff and have not spent: whatever was spent, or taken by hand, came from the oldest
 * points. What has been given back lately counts as spent still. Once for each night and person. Returns how many people lost points.
 */
export async function expire(
  manager: EntityManager,
  stretch: Stretch,
  job: { night: string; cutoff: Date },
  now: Date,
): Promise<number> {
  const due = await dueOf(manager, stretch, job.cutoff, new Date(now.getTime() - RETURNED_KEEPS_MS));
  if (due.length === 0) return 0;
  await manager.query(
    `WITH posted AS (
       INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
       SELECT id, person_id, 'expire', -points, '${EXPIRY}', 1, id, $4, $5, $5
       FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS d(id, person_id, points)
       ON CONFLICT DO NOTHING RETURNING person_id, points
     )
     UPDATE balances SET balance = balance + posted.points FROM posted WHERE balances.person_id = posted.person_id`,
    [
      due.map(({ personId }) => stableId('expire', job.night, personId)),
      due.map(({ personId }) => personId),
      due.map(({ points }) => points),
      `Earned before ${job.cutoff.toISOString().slice(0, 10)} and not spent.`,
      now,
    ],
  );
  return due.length;
}

async function dueOf(
  manager: EntityManager,
  { after, last }: Stretch,
  cutoff: Date,
  returnedBefore: Date,
): Promise<Due[]> {
  const range = `person_id > $1 AND ($2::uuid IS NULL OR person_id <= $2)`;
  await manager.query(`SELECT FROM balances WHERE ${range} ORDER BY person_id FOR UPDATE`, [after, last]);
  return manager.query(
    `WITH sums AS (
       SELECT person_id,
         COALESCE(sum(points) FILTER (WHERE occurred_at < $3 AND rule NOT LIKE 'reward:%' AND kind <> 'expire'
           AND NOT (rule = '${BY_HAND}' AND points < 0)), 0)
         + COALESCE(sum(points) FILTER (WHERE (rule LIKE 'reward:%' AND NOT (kind = 'release' AND occurred_at >= $4)) OR kind = 'expire'
           OR (rule = '${BY_HAND}' AND points < 0)), 0) AS left_over
       FROM ledger WHERE ${range} GROUP BY person_id
     )
     SELECT person_id AS "personId", LEAST(left_over, balance)::int AS points FROM sums JOIN balances USING (person_id)
     WHERE LEAST(left_over, balance) > 0 ORDER BY person_id`,
    [after, last, cutoff, returnedBefore],
  );
}
