import type { EntityManager } from 'typeorm';
import type { ClaimedDelivery, Settlement } from './delivery.js';

/**
 * Leases are in the real time of the database, not on the domain clock: they answer "does the process that claimed
 * this still live?", which no rule depends on, and virtual time may stand still or leap while a mail is on its way.
 */
export const LEASE_SECONDS = 120;

/** While the whole programme is stopped nothing is due. */
const GOING = `NOT EXISTS (SELECT FROM programme_stop WHERE stopped)`;

/** Claims due deliveries for this process; replicas never claim the same row. */
export async function claimDue(
  manager: EntityManager,
  claimedBy: string,
  now: Date,
  limit: number,
): Promise<ClaimedDelivery[]> {
  return manager.query(
    `WITH due AS (
       SELECT id FROM deliveries WHERE state = 'intended' AND next_attempt_at <= $2 AND ${GOING}
       ORDER BY next_attempt_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE deliveries SET state = 'sending', attempts = attempts + 1, claimed_by = $1, claimed_at = clock_timestamp()
       FROM due WHERE deliveries.id = due.id RETURNING deliveries.*
     ), told AS (
       INSERT INTO delivery_events (delivery_id, at, state, detail)
       SELECT id, $2, 'sending', 'attempt ' || attempts FROM claimed ORDER BY seq
     )
     SELECT id, intent_key AS "intentKey", person_id AS "personId", template, data, answers, traceparent, attempts, repeats, resends
     FROM claimed ORDER BY seq`,
    [claimedBy, now, limit],
  );
}

/** Keeps the claims of a batch alive that takes longer than a lease. */
export async function renewClaims(
  manager: EntityManager,
  claimedBy: string,
  ids: readonly string[],
): Promise<void> {
  await manager.query(
    `UPDATE deliveries SET claimed_at = clock_timestamp() WHERE id = ANY($2::uuid[]) AND state = 'sending' AND claimed_by = $1`,
    [claimedBy, ids],
  );
}

/** Gives claims back as if they had not been made: nothing was sent. */
export async function releaseClaims(
  manager: EntityManager,
  claimedBy: string,
  ids: readonly string[],
): Promise<void> {
  await manager.query(
    `WITH released AS (
       UPDATE deliveries SET state = 'intended', attempts = attempts - 1, claimed_by = NULL, claimed_at = NULL
       WHERE id = ANY($2::uuid[]) AND state = 'sending' AND claimed_by = $1 RETURNING id, attempts
     )
     DELETE FROM delivery_events USING released
     WHERE delivery_id = released.id AND state = 'sending' AND detail = 'attempt ' || (released.attempts + 1)`,
    [claimedBy, ids],
  );
}

/** Takes over rows in flight whose claim ran out, or that an earlier life of this process left behind. */
export async function takeAbandoned(
  manager: EntityManager,
  formerSelf: string | null,
): Promise<{ id: string; repeats: number }[]> {
  return manager.query(
    `SELECT id, repeats FROM deliveries
     WHERE state = 'sending' AND (claimed_at < clock_timestamp() - interval '${LEASE_SECONDS} seconds' OR claimed_by = $1)
     FOR UPDATE SKIP LOCKED`,
    [formerSelf],
  );
}

export type Settled = Settlement & { id: string };

/**
 * Writes results and timelines of a batch. With `claimedBy`, only rows still claimed by it: a result that comes after
 * the lease ran out must not overwrite what the next owner does. Returns the ids written.
 */
export async function storeSettlements(
  manager: EntityManager,
  settled: readonly Settled[],
  now: Date,
  claimedBy: string | null,
): Promise<Set<string>> {
  const rows: { id: string }[] = await manager.query(
    `WITH results AS (
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::int[])
         AS r (id, state, reason, detail, next_attempt_at, repeats)
     ), stored AS (
       UPDATE deliveries d SET
         state = r.state, reason = r.reason, repeats = r.repeats, next_attempt_at = coalesce(r.next_attempt_at, d.next_attempt_at),
         settled_at = CASE WHEN r.state = 'intended' THEN NULL ELSE $7::timestamptz END, claimed_by = NULL, claimed_at = NULL
       FROM results r WHERE d.id = r.id AND d.state = 'sending' AND ($8::text IS NULL OR d.claimed_by = $8) RETURNING d.id
     ), told AS (
       INSERT INTO delivery_events (delivery_id, at, state, detail)
       SELECT id, $7, state, detail FROM results WHERE id IN (SELECT id FROM stored)
     )
     SELECT id FROM stored`,
    [
      ...(['id', 'state', 'reason', 'detail', 'nextAttemptAt', 'repeats'] as const).map((key) =>
        settled.map((row) => row[key]),
      ),
      now,
      claimedBy,
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** When the next delivery falls due on the domain clock. */
export async function nextDue(manager: EntityManager): Promise<Date | null> {
  const [row]: { due: Date | null }[] = await manager.query(
    `SELECT min(next_attempt_at) AS due FROM deliveries WHERE state = 'intended' AND ${GOING}`,
  );
  return row?.due ?? null;
}
