import type { EntityManager } from 'typeorm';
import type { ClaimedDelivery, Settlement } from './delivery.js';

/**
 * Leases are in the real time of the database, not on the domain clock: they answer "does the process that claimed
 * this still live?", which no rule depends on, and virtual time may stand still or leap while a mail is on its way.
 */
export const LEASE_SECONDS = 120;

/** While the whole programme is stopped nothing is due. */
const GOING = `NOT EXISTS (SELECT FROM programme_stop WHERE stopped)`;

const columns = `id, intent_key AS "intentKey", person_id AS "personId", channel, template, data, calendar, answers, traceparent, attempts, repeats,
  resends, coalesce(resent_at, requested_at) AS "requestedAt", held, bundle, counted_at IS NOT NULL AS counted`;

/** Whether nothing is to go out at present, what is claimed already included. */
export async function isStopped(manager: EntityManager): Promise<boolean> {
  const [row]: { going: boolean }[] = await manager.query(`SELECT ${GOING} AS going`);
  return !row!.going;
}

/** A delivery as whoever claims it gets it; nothing is claimed. */
export async function findClaimed(manager: EntityManager, id: string): Promise<ClaimedDelivery | undefined> {
  const [found]: ClaimedDelivery[] = await manager.query(`SELECT ${columns} FROM deliveries WHERE id = $1`, [
    id,
  ]);
  return found;
}

/** What is claimed, by whom. */
export interface Claim {
  by: string;
  now: Date;
  /** So many at most, and of those that are not urgent. */
  limit: number;
  plain: number;
  /** Mail domains, and channels as `channel:…`, that are written to as fast as they may be. */
  busy: readonly string[];
  /** What templates are about: by it people have chosen a channel. */
  topics: Readonly<Record<string, string>>;
}

/**
 * Claims due deliveries for this process, urgent ones first, and what else is due for the same people, so that it can
 * share a mail; replicas never claim the same row. What would go to a busy domain or channel is left out.
 */
export async function claimDue(manager: EntityManager, claim: Claim): Promise<ClaimedDelivery[]> {
  const isBusy = claim.busy.length > 0;
  const free = isBusy ? NOT_BUSY : '';
  const due = (urgent: string): string =>
    `state = 'intended' AND ${urgent} AND next_attempt_at <= $2 AND ${GOING} ${free}`;
  return manager.query(
    `WITH urgent AS MATERIALIZED (
       SELECT id FROM deliveries d WHERE ${due('urgent')} ORDER BY next_attempt_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED
     ), plain AS MATERIALIZED (
       SELECT id, person_id FROM deliveries d WHERE ${due('NOT urgent')} ORDER BY next_attempt_at, seq
       LIMIT greatest(0, least($4, $3 - (SELECT count(*) FROM urgent))) FOR UPDATE SKIP LOCKED
     ), mates AS MATERIALIZED (
       SELECT id FROM deliveries d WHERE state = 'intended' AND NOT urgent AND next_attempt_at <= $2 ${free}
         AND person_id IN (SELECT person_id FROM plain) AND id NOT IN (SELECT id FROM plain) FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE deliveries SET state = 'sending', attempts = attempts + 1, claimed_by = $1, claimed_at = clock_timestamp()
       WHERE id IN (SELECT id FROM urgent UNION ALL SELECT id FROM plain UNION ALL SELECT id FROM mates) RETURNING deliveries.*
     ), told AS (
       INSERT INTO delivery_events (delivery_id, at, state, detail)
       SELECT id, $2, 'sending', 'attempt ' || attempts FROM claimed ORDER BY seq
     )
     SELECT ${columns} FROM claimed ORDER BY urgent DESC, seq`,
    [
      claim.by,
      claim.now,
      claim.limit,
      claim.plain,
      ...(isBusy ? [claim.busy, JSON.stringify(claim.topics)] : []),
    ],
  );
}

/** Whom this service has not met yet is not known to be at a busy domain, and has chosen no channel. Questions and entries for calendars are mails. */
const NOT_BUSY = `AND (d.channel IS NULL OR 'channel:' || d.channel <> ALL ($5::text[])) AND NOT EXISTS (
  SELECT FROM recipients r WHERE r.person_id = d.person_id AND (
    split_part(lower(r.email), '@', 2) = ANY ($5::text[])
    OR (d.answers IS NULL AND d.calendar IS NULL
      AND 'channel:' || substring(r.topics->>($6::jsonb->>d.template) FROM '^by:(.*)$') = ANY ($5::text[]))))`;

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

/** Takes over rows in flight whose claim ran out, except those that are in our own hands: a database that was away let no claim be renewed. */
export async function takeAbandoned(
  manager: EntityManager,
  inHand: readonly string[],
): Promise<Pick<ClaimedDelivery, 'id' | 'repeats' | 'held'>[]> {
  return manager.query(
    `SELECT id, repeats, held FROM deliveries
     WHERE state = 'sending' AND claimed_at < clock_timestamp() - interval '${LEASE_SECONDS} seconds' AND id <> ALL($1::uuid[])
     FOR UPDATE SKIP LOCKED`,
    [inHand],
  );
}

export type Settled = Settlement & { id: string; templateVersion?: number | undefined };

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
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::boolean[], $8::boolean[], $11::int[])
         AS r (id, state, reason, detail, next_attempt_at, repeats, held, tried, template_version)
     ), stored AS (
       UPDATE deliveries d SET
         state = r.state, reason = r.reason, repeats = r.repeats, next_attempt_at = coalesce(r.next_attempt_at, d.next_attempt_at),
         settled_at = CASE WHEN r.state = 'intended' THEN NULL ELSE $9::timestamptz END, held = r.held,
         template_version = coalesce(r.template_version, d.template_version),
         attempts = d.attempts - CASE WHEN r.tried THEN 0 ELSE 1 END,
         -- What was not sent takes no place among the mails of the week.
         counted_at = CASE WHEN r.state IN ('failed', 'suppressed') THEN NULL ELSE d.counted_at END, claimed_by = NULL, claimed_at = NULL
       FROM results r WHERE d.id = r.id AND d.state = 'sending' AND ($10::text IS NULL OR d.claimed_by = $10) RETURNING d.id
     ), told AS (
       INSERT INTO delivery_events (delivery_id, at, state, detail)
       SELECT id, $9, state, detail FROM results WHERE id IN (SELECT id FROM stored)
     )
     SELECT id FROM stored`,
    [
      ...(['id', 'state', 'reason', 'detail', 'nextAttemptAt', 'repeats', 'held', 'tried'] as const).map(
        (key) => settled.map((row) => row[key]),
      ),
      now,
      claimedBy,
      settled.map(({ templateVersion }) => templateVersion ?? null),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** When the next delivery falls due on the domain clock. */
export async function nextDue(manager: EntityManager): Promise<Date | null> {
  const earliest = (urgent: string): string =>
    `SELECT min(next_attempt_at) FROM deliveries WHERE state = 'intended' AND ${urgent} AND ${GOING}`;
  const [row]: { due: Date | null }[] = await manager.query(
    `SELECT least((${earliest('urgent')}), (${earliest('NOT urgent')})) AS due`,
  );
  return row?.due ?? null;
}
