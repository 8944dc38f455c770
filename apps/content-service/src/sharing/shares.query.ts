import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { newId } from '#libs/platform';
import type { ConfirmedBy } from './confirm.query.js';
import type { NewShare } from './share.schema.js';

/** A share about to be stored. */
export interface Wanted extends NewShare {
  targetUrl: string;
  sharedAt: Date;
  /** Names the attempt; sharing again under it is the same share. */
  key: string | null;
  partnerId: string | null;
  externalId: string | null;
  postUrl: string | null;
  confirmedBy: ConfirmedBy | null;
}

/** A share as it is stored. */
export interface Stored extends NewShare {
  id: string;
  linkId: string;
  sharedAt: Date;
  status: 'intended' | 'confirmed' | 'withdrawn';
  confirmedBy: ConfirmedBy | null;
  postUrl: string | null;
  externalId: string | null;
}

/** What one and the same share is known by, of the three the first that is there. */
const identityOf = ({ key, externalId, partnerId, ...share }: Omit<Wanted, 'targetUrl'>): string => {
  if (key !== null) return `key ${key}`;
  if (externalId !== null) return `external ${partnerId} ${externalId}`;
  return `${share.postId} ${share.personId} ${share.network}`;
};

const COLUMNS = `id, link_id AS "linkId", post_id AS "postId", person_id AS "personId", network, caption, shared_at AS "sharedAt", status,
  confirmed_by AS "confirmedBy", post_url AS "postUrl", external_id AS "externalId"`;

/**
 * Stores those of these shares that are new; the same again gives the share there is: by its key, by the partner's id, or, without
 * either, the same person's of the same post on the same network after `since`. Answers in the order asked.
 */
export async function storeShares(
  manager: EntityManager,
  wanted: readonly Wanted[],
  since: Date,
): Promise<{ share: Stored; fresh: boolean }[]> {
  await lockIdentities(manager, [...new Set(wanted.map(identityOf))]);
  const known = await readKnown(manager, wanted, since);
  const fresh = new Map<string, Wanted>();
  for (const share of wanted) {
    const identity = identityOf(share);
    if (!known.has(identity) && !fresh.has(identity)) fresh.set(identity, share);
  }
  const stored = await insertShares(manager, [...fresh.values()]);
  const added = new Map([...fresh.keys()].map((identity, index) => [identity, stored[index]!]));
  return wanted.map((share) => {
    const identity = identityOf(share);
    return { share: known.get(identity) ?? added.get(identity)!, fresh: fresh.get(identity) === share };
  });
}

/** Two who share the same at once: the second waits, and finds what the first has stored. */
async function lockIdentities(manager: EntityManager, identities: readonly string[]): Promise<void> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(i, 7202612) AS h FROM unnest($1::text[]) AS i ORDER BY h) AS locks`,
    [identities],
  );
}

async function readKnown(
  manager: EntityManager,
  wanted: readonly Wanted[],
  since: Date,
): Promise<Map<string, Stored>> {
  const natural = wanted.filter(({ key, externalId }) => key === null && externalId === null);
  const rows: (Stored & {
    partnerId: string | null;
    key: string | null;
    as: 'key' | 'external' | 'natural';
  })[] = await manager.query(
    `SELECT 'key' AS as, idempotency_key AS key, partner_id AS "partnerId", ${COLUMNS} FROM shares WHERE idempotency_key = ANY($1::text[])
       UNION ALL
       SELECT 'external', NULL, partner_id, ${COLUMNS} FROM shares
       JOIN unnest($2::uuid[], $3::text[]) AS e(partner_id, external_id) USING (partner_id, external_id)
       UNION ALL
       (SELECT DISTINCT ON (post_id, person_id, network) 'natural', NULL, NULL::uuid, ${COLUMNS} FROM shares
       JOIN unnest($4::uuid[], $5::uuid[], $6::text[]) AS n(post_id, person_id, network) USING (post_id, person_id, network)
       WHERE shared_at > $7 AND status <> 'withdrawn' AND idempotency_key IS NULL AND external_id IS NULL
       ORDER BY post_id, person_id, network, shared_at DESC)`,
    [
      wanted.flatMap(({ key }) => key ?? []),
      ...columnsOf(
        wanted.filter(({ externalId }) => externalId !== null),
        ['partnerId', 'externalId'],
      ),
      ...columnsOf(natural, ['postId', 'personId', 'network']),
      since,
    ],
  );
  return new Map(
    rows.map(({ as, key, partnerId, ...share }) => {
      const external = as === 'external' ? share.externalId : null;
      return [identityOf({ ...share, key, partnerId, externalId: external }), share];
    }),
  );
}

const columnsOf = (wanted: readonly Wanted[], names: readonly (keyof Wanted)[]): unknown[][] =>
  names.map((name) => wanted.map((share) => share[name]));

async function insertShares(manager: EntityManager, wanted: readonly Wanted[]): Promise<Stored[]> {
  const rows = wanted.map((share) => ({
    ...share,
    id: newId(),
    linkId: randomBytes(16).toString('base64url'),
    status: share.confirmedBy === null ? ('intended' as const) : ('confirmed' as const),
  }));
  await manager.query(
    `INSERT INTO shares (id, link_id, post_id, person_id, network, caption, target_url, shared_at, status, confirmed_by, confirmed_at,
       idempotency_key, partner_id, external_id, post_url)
     SELECT id, "linkId", "postId", "personId", network, caption, "targetUrl", "sharedAt", status, "confirmedBy",
       CASE WHEN "confirmedBy" IS NOT NULL THEN "sharedAt" END, key, "partnerId", "externalId", "postUrl"
     FROM jsonb_to_recordset($1::jsonb) AS s(id uuid, "linkId" text, "postId" uuid, "personId" uuid, network text, caption text,
       "targetUrl" text, "sharedAt" timestamptz, status text, "confirmedBy" text, key text, "partnerId" uuid, "externalId" text, "postUrl" text)`,
    [JSON.stringify(rows)],
  );
  return rows;
}

/** A share by its id. */
export async function readShare(manager: EntityManager, id: string): Promise<Stored | undefined> {
  const [share]: Stored[] = await manager.query(`SELECT ${COLUMNS} FROM shares WHERE id = $1`, [id]);
  return share;
}

/** The newest shares, with how often their links were followed. */
export async function newestShares(
  manager: EntityManager,
  { personId, postId, status, limit }: ShareFilter,
): Promise<(Stored & { clicks: number; credibleClicks: number })[]> {
  return manager.query(
    `SELECT ${COLUMNS}, counted.clicks, counted.credible AS "credibleClicks"
     FROM shares CROSS JOIN LATERAL (
       SELECT count(*) AS clicks, count(*) FILTER (WHERE credible) AS credible FROM clicks WHERE share_id = shares.id
     ) counted
     WHERE ($1::uuid IS NULL OR person_id = $1) AND ($2::uuid IS NULL OR post_id = $2) AND ($3::text IS NULL OR status = $3)
     ORDER BY shared_at DESC, shares.id LIMIT $4`,
    [personId ?? null, postId ?? null, status ?? null, limit],
  );
}

/** Which shares are looked for. */
export interface ShareFilter {
  personId?: string | undefined;
  postId?: string | undefined;
  status?: Stored['status'] | undefined;
  limit: number;
}
