import type { EntityManager } from 'typeorm';
import type { BounceKind } from '#libs/bounces';

/** The delivery a bounce is about, and the address its person has now. */
export interface BouncedDelivery {
  deliveryId: string;
  intentKey: string;
  personId: string;
  template: string;
  resends: number;
  email: string | null;
}

/** A mail that came back, as it is kept: without names and addresses. */
export interface Bounce {
  id: string;
  at: Date;
  via: 'smtp' | 'http';
  kind: BounceKind;
  delayed: boolean;
  status: string | null;
  reason: string;
  matchedBy: 'return_path' | 'message_id' | null;
  deliveryId: string | null;
  resends: number | null;
  personId: string | null;
  /** It is the first of its kind about this mail, and says something of the address. */
  counted: boolean;
}

export async function findDelivery(
  manager: EntityManager,
  deliveryIds: readonly string[],
): Promise<BouncedDelivery | undefined> {
  const [found]: BouncedDelivery[] = await manager.query(
    `SELECT d.id AS "deliveryId", intent_key AS "intentKey", d.person_id AS "personId", template, resends, r.email
     FROM deliveries d LEFT JOIN recipients r USING (person_id)
     WHERE d.id = ANY($1::uuid[]) AND d.state IN ('sent', 'ambiguous', 'sending') LIMIT 1`,
    [deliveryIds],
  );
  return found;
}

/** Keeps a bounce. Tells whether it is news: not if the same mail, or another one about the same failure, came before. */
export async function keepBounce(
  manager: EntityManager,
  bounce: Bounce,
): Promise<'kept' | 'again' | 'known'> {
  const [same]: unknown[] = await manager.query(`SELECT FROM bounces WHERE id = $1`, [bounce.id]);
  if (same) return 'again';
  const insert = (counted: boolean): Promise<unknown[]> =>
    manager.query(
      `INSERT INTO bounces (id, at, via, kind, delayed, status, reason, matched_by, delivery_id, resends, person_id, counted)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id`,
      [
        bounce.id,
        bounce.at,
        bounce.via,
        bounce.kind,
        bounce.delayed,
        bounce.status,
        bounce.reason,
        bounce.matchedBy,
        bounce.deliveryId,
        bounce.resends,
        bounce.personId,
        counted,
      ],
    );
  if ((await insert(bounce.counted)).length > 0) return 'kept';
  return (await insert(false)).length > 0 ? 'known' : 'again';
}

export async function noteInTimeline(
  manager: EntityManager,
  deliveryId: string,
  at: Date,
  state: string,
  detail: string,
): Promise<void> {
  await manager.query(
    `INSERT INTO delivery_events (delivery_id, at, state, detail) VALUES ($1, $2, $3, $4)`,
    [deliveryId, at, state, detail],
  );
}

/** How many mails to a person failed softly since an instant, and since their last suppression was released. */
export async function countSoft(manager: EntityManager, personId: string, since: Date): Promise<number> {
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*) AS count FROM bounces
     WHERE person_id = $1 AND counted AND kind = 'soft' AND at > greatest($2::timestamptz, (
       SELECT max(released_at) FROM suppressions WHERE person_id = $1))`,
    [personId, since],
  );
  return row!.count;
}

export interface BounceFilter {
  personId?: string | undefined;
  kind?: BounceKind | undefined;
  limit: number;
  after?: string | undefined;
}

/** Newest first. */
export function listBounces(manager: EntityManager, filter: BounceFilter): Promise<Bounce[]> {
  return manager.query(
    `SELECT id, at, via, kind, delayed, status, reason, matched_by AS "matchedBy", delivery_id AS "deliveryId", resends,
       person_id AS "personId", counted
     FROM bounces
     WHERE ($1::uuid IS NULL OR person_id = $1) AND ($2::text IS NULL OR kind = $2)
       AND ($3::uuid IS NULL OR seq < (SELECT seq FROM bounces WHERE id = $3))
     ORDER BY seq DESC LIMIT $4`,
    [filter.personId ?? null, filter.kind ?? null, filter.after ?? null, filter.limit],
  );
}
