import type { EntityManager } from 'typeorm';
import type { Network } from '../sharing/networks.js';
import type { Measured } from './corrections.js';
import { figures } from './totals.schema.js';
import type { Report } from './totals.schema.js';

/** A share that is being measured, with the totals that hold. */
export interface MeasuredShare {
  shareId: string;
  postId: string;
  personId: string;
  network: Network;
  totals: Measured | null;
}

const list = figures.join(', ');

/** For each name the id of its share, or null. `partnerId` is whose external ids are meant. */
export async function findShares(
  manager: EntityManager,
  names: readonly Pick<Report, 'shareId' | 'link' | 'externalId'>[],
  partnerId: string | null,
): Promise<(string | null)[]> {
  const asked = names.map(({ shareId, link, externalId }) => ({
    shareId,
    linkId: linkIdOf(link),
    externalId,
  }));
  const rows: { id: string | null }[] = await manager.query(
    `SELECT shares.id FROM ROWS FROM (
       jsonb_to_recordset($1::jsonb) AS ("shareId" uuid, "linkId" text, "externalId" text)
     ) WITH ORDINALITY AS n("shareId", "linkId", "externalId", place)
     LEFT JOIN shares ON shares.id = n."shareId" OR link_id = n."linkId" OR (partner_id = $2 AND external_id = n."externalId")
     ORDER BY place`,
    [JSON.stringify(asked), partnerId],
  );
  return rows.map(({ id }) => id);
}

/** The id in a tracked link. */
const linkIdOf = (link: string | undefined): string | undefined =>
  link === undefined ? undefined : (/\/l\/([\w-]{22})(?:[?#]|$)/.exec(link)?.[1] ?? link);

/** Locked first and read after: a report that waited for another must see what that one stored. */
export async function lockMeasured(manager: EntityManager, ids: readonly string[]): Promise<MeasuredShare[]> {
  await manager.query(`SELECT FROM shares WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [ids]);
  const rows: (Omit<MeasuredShare, 'totals'> & Omit<Measured, 'at'> & { at: Date | null })[] =
    await manager.query(
      `SELECT id AS "shareId", post_id AS "postId", person_id AS "personId", network, measured_at AS at, ${list}
     FROM shares LEFT JOIN share_measures ON share_id = id WHERE id = ANY($1::uuid[])`,
      [ids],
    );
  return rows.map(({ shareId, postId, personId, network, at, ...totals }) => ({
    shareId,
    postId,
    personId,
    network,
    totals: at === null ? null : { ...totals, at: at.getTime() },
  }));
}

/** Measurements of shares, one for each instant of a share at most. */
export type Measurements = readonly (Measured & { shareId: string })[];

/** Keeps every measurement; of one instant the one told last. */
export async function keepReports(manager: EntityManager, reports: Measurements, now: Date): Promise<void> {
  await manager.query(
    `INSERT INTO share_reports (share_id, measured_at, reported_at, ${list})
     SELECT "shareId", to_timestamp(at / 1000.0), $2, ${list} FROM ${recordset(1)} ORDER BY 1, 2
     ON CONFLICT (share_id, measured_at) DO UPDATE SET reported_at = EXCLUDED.reported_at, ${taken}`,
    [JSON.stringify(reports), now],
  );
}

/** Stores the totals that hold from now on. */
export async function storeTotals(manager: EntityManager, totals: Measurements): Promise<void> {
  await manager.query(
    `INSERT INTO share_measures (share_id, measured_at, ${list})
     SELECT "shareId", to_timestamp(at / 1000.0), ${list} FROM ${recordset(1)} ORDER BY 1
     ON CONFLICT (share_id) DO UPDATE SET measured_at = EXCLUDED.measured_at, ${taken}`,
    [JSON.stringify(totals)],
  );
}

const recordset = (parameter: number): string =>
  `jsonb_to_recordset($${parameter}::jsonb) AS r("shareId" uuid, at bigint, ${figures.map((name) => `${name} int`).join(', ')})`;
const taken = figures.map((name) => `${name} = EXCLUDED.${name}`).join(', ');

/** Everything that was ever measured of a share, the newest first. */
export async function historyOf(manager: EntityManager, shareId: string): Promise<object[]> {
  return manager.query(
    `SELECT measured_at AS "measuredAt", reported_at AS "reportedAt", ${list} FROM share_reports WHERE share_id = $1
     ORDER BY measured_at DESC LIMIT 1000`,
    [shareId],
  );
}
