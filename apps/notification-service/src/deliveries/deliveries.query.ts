import type { EntityManager } from 'typeorm';
import type { EventOf } from '#libs/contracts';
import { stableId } from '#libs/platform';
import type { DeliveryState } from './delivery.js';

/** A delivery as REST shows it: ids and numbers, no name, no address, no link. */
export interface DeliveryView {
  id: string;
  intentKey: string;
  /** Null: it is posted to a channel. */
  personId: string | null;
  channel: string | null;
  template: string;
  /** The version it was last written with; null before. */
  templateVersion: number | null;
  data: Record<string, unknown>;
  workflow: object;
  state: DeliveryState;
  reason: string | null;
  attempts: number;
  urgent: boolean;
  /** It waits for a digest. */
  held: boolean;
  /** The delivery that leads the mail it went out with, when several went as one. */
  bundle: string | null;
  requestedAt: Date;
  nextAttemptAt: Date;
  settledAt: Date | null;
}

/** The columns of a DeliveryView. */
export const view = `id, intent_key AS "intentKey", person_id AS "personId", channel, template, template_version AS "templateVersion", data, workflow, state, reason, attempts, urgent, held, bundle,
  requested_at AS "requestedAt", next_attempt_at AS "nextAttemptAt", settled_at AS "settledAt"`;

/** A delivery to be noted. */
export interface Wanted {
  event: EventOf<'notification.requested'> | EventOf<'post.requested'>;
  urgent: boolean;
}

/**
 * Notes requested deliveries; an intent that is already there changes nothing. A calendar entry gets the number of mails that
 * there were about its uid before.
 */
export async function insertIntended(
  manager: EntityManager,
  wanted: readonly Wanted[],
  now: Date,
): Promise<void> {
  const events = wanted.map(({ event }) => event);
  await manager.query(
    `WITH wanted AS (
       SELECT r.*, count(*) OVER (PARTITION BY person_id, calendar->>'uid' ORDER BY n) - 1 AS earlier
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[], $7::text[], $8::timestamptz[], $9::jsonb[], $10::boolean[],
         $12::text[], $13::jsonb[]) WITH ORDINALITY
         AS r(id, intent_key, person_id, template, data, workflow, traceparent, requested_at, answers, urgent, channel, calendar, n)
     ), fresh AS (
       INSERT INTO deliveries (id, intent_key, person_id, template, data, workflow, traceparent, requested_at, answers, urgent, channel, calendar, state, next_attempt_at)
       SELECT id, intent_key, person_id, template, data, workflow, traceparent, requested_at, answers, urgent, channel,
         calendar || jsonb_build_object('sequence', earlier + (SELECT count(*) FROM deliveries d
           WHERE d.person_id = wanted.person_id AND d.calendar->>'uid' = wanted.calendar->>'uid')),
         'intended', $11
       FROM wanted ORDER BY n
       ON CONFLICT (intent_key) DO NOTHING RETURNING id, seq
     )
     INSERT INTO delivery_events (delivery_id, at, state, detail) SELECT id, $11, 'intended', 'requested' FROM fresh ORDER BY seq`,
    [
      events.map(({ data }) => stableId('delivery', data.intentKey)),
      events.map(({ data }) => data.intentKey),
      events.map(({ data }) => ('personId' in data ? data.personId : null)),
      events.map(({ data }) => data.template),
      events.map(({ data }) => JSON.stringify(data.data)),
      events.map(({ data }) => JSON.stringify(data.workflow)),
      events.map(({ traceparent }) => traceparent ?? null),
      events.map(({ time }) => time),
      events.map(({ data }) => ('answers' in data && data.answers ? JSON.stringify(data.answers) : null)),
      wanted.map(({ urgent }) => urgent),
      now,
      events.map(({ data }) => ('channel' in data ? data.channel : null)),
      events.map(({ data }) => ('calendar' in data && data.calendar ? JSON.stringify(data.calendar) : null)),
    ],
  );
}

export async function findDelivery(manager: EntityManager, id: string): Promise<DeliveryView | undefined> {
  const [found]: DeliveryView[] = await manager.query(`SELECT ${view} FROM deliveries WHERE id = $1`, [id]);
  return found;
}

export async function timelineOf(
  manager: EntityManager,
  id: string,
): Promise<{ at: Date; state: string; detail: string }[]> {
  return manager.query(`SELECT at, state, detail FROM delivery_events WHERE delivery_id = $1 ORDER BY seq`, [
    id,
  ]);
}

export async function countDeliveries(
  manager: EntityManager,
): Promise<{ template: string; state: DeliveryState; count: number }[]> {
  return manager.query(
    `SELECT template, state, count(*) AS count FROM deliveries GROUP BY template, state ORDER BY template, state`,
  );
}

/** Mails that were sent, by template; several deliveries that went as one are one mail of the digest. */
export async function countMails(manager: EntityManager): Promise<{ template: string; count: number }[]> {
  return manager.query(
    `SELECT CASE WHEN bundle IS NULL THEN template ELSE 'digest' END AS template, count(DISTINCT coalesce(bundle, id)) AS count
     FROM deliveries WHERE state = 'sent' GROUP BY 1 ORDER BY 1`,
  );
}

/** Makes a settled delivery due again, and worth reading as if it were asked for now; returns false when it is not in a state that allows it. */
export async function rearmDelivery(
  manager: EntityManager,
  id: string,
  now: Date,
  { by, reason }: { by: string; reason: string },
): Promise<boolean> {
  const [, count]: [unknown, number] = await manager.query(
    `UPDATE deliveries SET state = 'intended', reason = NULL, attempts = 0, repeats = 0, resends = resends + 1, held = false, bundle = NULL,
       next_attempt_at = $2, settled_at = NULL, resent_at = $2
     WHERE id = $1 AND state IN ('failed', 'ambiguous', 'suppressed')`,
    [id, now],
  );
  if (count === 0) return false;
  const text = `sent again by ${by}: ${reason}`;
  await manager.query(
    `INSERT INTO delivery_events (delivery_id, at, state, detail) VALUES ($1, $2, 'intended', $3)`,
    [id, now, text],
  );
  return true;
}
