import type { EntityManager } from 'typeorm';

/** Why somebody gets no mail. */
export const causes = ['hard_bounce', 'soft_bounces', 'complaint', 'by_hand'] as const;
export type SuppressionCause = (typeof causes)[number];

/** Nothing is sent to a person, or to the one address of theirs that failed, until somebody releases it. */
export interface Suppression {
  id: string;
  personId: string;
  /** Keyed hash of the address; null: whatever address the person has. */
  addressHash: string | null;
  cause: SuppressionCause;
  status: string | null;
  reason: string;
  bounceId: string | null;
  at: Date;
  addedBy: string;
  releasedAt: Date | null;
  releasedBy: string | null;
  releaseReason: string | null;
}

/** With the address the person has now, which is not shown. */
export type SuppressionRow = Suppression & { email: string };

const columns = `s.id, s.person_id AS "personId", address_hash AS "addressHash", cause, status, reason, bounce_id AS "bounceId", at,
  added_by AS "addedBy", released_at AS "releasedAt", released_by AS "releasedBy", release_reason AS "releaseReason", r.email`;

/** Adds a suppression; when one stands already, or the person was erased meanwhile, nothing changes and false is returned. */
export async function suppress(
  manager: EntityManager,
  suppression: Omit<Suppression, 'releasedAt' | 'releasedBy' | 'releaseReason'>,
): Promise<boolean> {
  const { id, personId, addressHash, cause, status, reason, bounceId, at, addedBy } = suppression;
  const rows: unknown[] = await manager.query(
    `INSERT INTO suppressions (id, person_id, address_hash, cause, status, reason, bounce_id, at, added_by)
     SELECT $1::uuid, person_id, $3, $4, $5, $6, $7::uuid, $8::timestamptz, $9 FROM recipients WHERE person_id = $2 FOR KEY SHARE
     ON CONFLICT DO NOTHING RETURNING id`,
    [id, personId, addressHash, cause, status, reason, bounceId, at, addedBy],
  );
  return rows.length > 0;
}

/** Ends a suppression; false when it is not there or has ended. */
export async function release(
  manager: EntityManager,
  id: string,
  { at, by, reason }: { at: Date; by: string; reason: string },
): Promise<boolean> {
  const [, count]: [unknown, number] = await manager.query(
    `UPDATE suppressions SET released_at = $2, released_by = $3, release_reason = $4 WHERE id = $1 AND released_at IS NULL`,
    [id, at, by, reason],
  );
  return count > 0;
}

/** What stands against any of these persons. */
export function standingOf(
  manager: EntityManager,
  personIds: readonly string[],
): Promise<Pick<Suppression, 'personId' | 'addressHash' | 'cause'>[]> {
  return manager.query(
    `SELECT person_id AS "personId", address_hash AS "addressHash", cause FROM suppressions
     WHERE person_id = ANY($1::uuid[]) AND released_at IS NULL ORDER BY seq`,
    [personIds],
  );
}

export interface SuppressionFilter {
  personId?: string | undefined;
  addressHash?: string | undefined;
  cause?: SuppressionCause | undefined;
  /** True: only those not released, false: only those released. */
  standing?: boolean | undefined;
  limit: number;
  after?: string | undefined;
}

/** Newest first. */
export function listSuppressions(
  manager: EntityManager,
  filter: SuppressionFilter,
): Promise<SuppressionRow[]> {
  return manager.query(
    `SELECT ${columns} FROM suppressions s JOIN recipients r USING (person_id)
     WHERE ($1::uuid IS NULL OR s.person_id = $1) AND ($2::text IS NULL OR address_hash = $2) AND ($3::text IS NULL OR cause = $3)
       AND ($4::boolean IS NULL OR (released_at IS NULL) = $4)
       AND ($5::uuid IS NULL OR seq < (SELECT seq FROM suppressions WHERE id = $5))
     ORDER BY seq DESC LIMIT $6`,
    [
      filter.personId ?? null,
      filter.addressHash ?? null,
      filter.cause ?? null,
      filter.standing ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
}

export async function findSuppression(
  manager: EntityManager,
  id: string,
): Promise<SuppressionRow | undefined> {
  const [found]: SuppressionRow[] = await manager.query(
    `SELECT ${columns} FROM suppressions s JOIN recipients r USING (person_id) WHERE s.id = $1`,
    [id],
  );
  return found;
}
