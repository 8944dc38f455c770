import type { EntityManager } from 'typeorm';
import type { Network } from '../sharing/networks.js';
import type { Believed, Heard, Judgement, Known } from './credibility.js';
import type { Visit } from './journal-line.js';

/** A visit with what is known of its share. */
export interface HeardOf extends Heard {
  postId: string;
  personId: string;
  network: Network;
}

/** The visits that are not stored yet, with their shares; those of shares nobody knows are left out. */
export async function newClicks(manager: EntityManager, visits: readonly Visit[]): Promise<HeardOf[]> {
  const rows: (Omit<HeardOf, 'sharedAt'> & { sharedAt: Date })[] = await manager.query(
    `SELECT v.id, v.at, v.visitor, v.reasons, s.id AS "shareId", s.post_id AS "postId", s.person_id AS "personId", s.network,
       s.shared_at AS "sharedAt", s.status = 'withdrawn' AS withdrawn,
       EXISTS (SELECT FROM own_visitors o WHERE o.person_id = s.person_id AND o.visitor = v.visitor) AS own
     FROM jsonb_to_recordset($1::jsonb) AS v(id uuid, "shareId" uuid, at bigint, visitor text, reasons jsonb)
     JOIN shares s ON s.id = v."shareId"
     WHERE NOT EXISTS (SELECT FROM clicks WHERE clicks.id = v.id)`,
    [JSON.stringify(visits)],
  );
  return rows.map((row) => ({ ...row, sharedAt: row.sharedAt.getTime() }));
}

/** Notes who has followed a honeypot link. */
export async function trap(manager: EntityManager, visits: readonly Visit[]): Promise<void> {
  if (visits.length === 0) return;
  await manager.query(
    `INSERT INTO trapped_visitors (visitor, at)
     SELECT visitor, to_timestamp(min(at) / 1000.0) FROM unnest($1::text[], $2::bigint[]) AS t(visitor, at) GROUP BY visitor ORDER BY visitor
     ON CONFLICT DO NOTHING`,
    [visits.map(({ visitor }) => visitor), visits.map(({ at }) => at)],
  );
}

/** Notes that a visitor of today is this person. */
export async function noteOwn(
  manager: EntityManager,
  personId: string,
  visitor: string,
  at: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO own_visitors (person_id, visitor, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [personId, visitor, at],
  );
}

/** What is known of these visitors. */
export async function knownOf(manager: EntityManager, visitors: readonly string[]): Promise<Known> {
  const believed: (Omit<Believed, 'at'> & { at: Date })[] = await manager.query(
    `SELECT click_id AS id, share_id AS "shareId", at, visitor FROM click_visitors WHERE visitor = ANY($1::text[])`,
    [visitors],
  );
  const trapped: { visitor: string }[] = await manager.query(
    `SELECT visitor FROM trapped_visitors WHERE visitor = ANY($1::text[])`,
    [visitors],
  );
  return {
    believed: believed.map((click) => ({ ...click, at: click.at.getTime() })),
    trapped: new Set(trapped.map(({ visitor }) => visitor)),
  };
}

/** Notes who followed which link first; returns the ids of clicks of a pair that another replica was quicker to note. */
export async function noteVisitors(manager: EntityManager, clicks: readonly Heard[]): Promise<Set<string>> {
  const noted: { id: string }[] = await manager.query(
    `INSERT INTO click_visitors (share_id, visitor, click_id, at)
     SELECT share, visitor, click, to_timestamp(at / 1000.0)
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[]) AS t(share, visitor, click, at) ORDER BY share, visitor
     ON CONFLICT DO NOTHING RETURNING click_id AS id`,
    [
      clicks.map((c) => c.shareId),
      clicks.map((c) => c.visitor),
      clicks.map((c) => c.id),
      clicks.map((c) => c.at),
    ],
  );
  const first = new Set(noted.map(({ id }) => id));
  return new Set(clicks.flatMap(({ id }) => (first.has(id) ? [] : [id])));
}

/** Stores a batch; returns the ids that nobody had stored before. */
export async function insertClicks(
  manager: EntityManager,
  clicks: Judgement['clicks'],
): Promise<Set<string>> {
  const rows = clicks.map(({ click: { id, shareId, at }, reasons }) => ({ id, shareId, at, reasons }));
  const stored: { id: string }[] = await manager.query(
    `INSERT INTO clicks (id, share_id, at, credible, reasons)
     SELECT id, "shareId", to_timestamp(at / 1000.0), jsonb_array_length(reasons) = 0, ARRAY(SELECT jsonb_array_elements_text(reasons))
     FROM jsonb_to_recordset($1::jsonb) AS c(id uuid, "shareId" uuid, at bigint, reasons jsonb)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [JSON.stringify(rows)],
  );
  return new Set(stored.map(({ id }) => id));
}

/** A click that was believed and told of, and is not any more. */
export interface Doubted {
  clickId: string;
  shareId: string;
  postId: string;
  personId: string;
  network: Network;
  reason: string;
}

/** Takes back the belief in clicks; returns those that were believed until now. */
export async function doubtClicks(manager: EntityManager, doubted: Judgement['doubted']): Promise<Doubted[]> {
  if (doubted.length === 0) return [];
  const [rows]: [Doubted[], number] = await manager.query(
    `UPDATE clicks SET credible = false, reasons = reasons || reason
     FROM unnest($1::uuid[], $2::text[]) AS d(id, reason), shares s
     WHERE clicks.id = d.id AND credible AND s.id = clicks.share_id
     RETURNING clicks.id AS "clickId", s.id AS "shareId", s.post_id AS "postId", s.person_id AS "personId", s.network, reason`,
    [doubted.map(({ id }) => id), doubted.map(({ reason }) => reason)],
  );
  return rows;
}
