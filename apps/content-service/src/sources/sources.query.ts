import type { EntityManager } from 'typeorm';
import type { Article } from './duplicates.js';

/** How many looks at a source are remembered. */
const FETCHES_KEPT = 50;

/** One look at a source. */
export interface FetchRecord {
  at: Date;
  status: 'read' | 'unchanged' | 'failed';
  httpStatus: number | null;
  found: number;
  added: number;
  durationMs: number;
  reason: string | null;
}

/** Takes the one active source that has waited longest, and whose host nobody asks; another replica takes another. Null when none is due. */
export async function claimDue(
  manager: EntityManager,
  { now, lease, busy }: { now: Date; lease: Date; busy: readonly string[] },
): Promise<string | null> {
  const [rows]: [{ id: string }[], number] = await manager.query(
    `UPDATE sources SET next_fetch_at = $2 WHERE id = (
       SELECT id FROM sources WHERE status = 'active' AND next_fetch_at <= $1 AND NOT host = ANY($3::text[])
       ORDER BY next_fetch_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id`,
    [now, lease, busy],
  );
  return rows[0]?.id ?? null;
}

/** Remembers the entries of a feed; returns those that are new to this source. One import at a time, so that two do not tell one story. */
export async function rememberEntries(
  manager: EntityManager,
  source: { id: string; language: string },
  entries: ReadonlyMap<string, Article>,
  now: Date,
): Promise<Set<string>> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('source_entries'))`);
  const rows: { entry: string }[] = await manager.query(
    `INSERT INTO source_entries (source_id, entry, title, language, seen_at)
     SELECT $1, e.entry, e.title, $2, $3 FROM unnest($4::text[], $5::text[]) AS e(entry, title)
     ON CONFLICT DO NOTHING RETURNING entry`,
    [source.id, source.language, now, [...entries.keys()], [...entries.values()].map(({ title }) => title)],
  );
  return new Set(rows.map(({ entry }) => entry));
}

/** Titles whose three-letter pieces agree to this part are one story; shorter ones ("We are hiring") are alike by chance. */
const ALIKE = 0.85;
const MIN_LETTERS = 20;

/** Those of these remembered entries that another source of this language has told since then; alike titles begin or end alike. */
export async function toldElsewhere(
  manager: EntityManager,
  source: { id: string; language: string },
  entries: readonly (readonly [string, { title: string }])[],
  since: Date,
): Promise<Set<string>> {
  const keys = entries.filter(([, { title }]) => title.length >= MIN_LETTERS).map(([entry]) => entry);
  const rows: { entry: string }[] = await manager.query(
    `SELECT DISTINCT n.entry FROM source_entries n, LATERAL (
       SELECT title, source_id, language FROM source_entries e WHERE e.head = n.head AND e.seen_at >= $3
       UNION ALL SELECT title, source_id, language FROM source_entries e WHERE e.tail = n.tail AND e.seen_at >= $3) e
     WHERE n.source_id = $1 AND n.entry = ANY($4::text[]) AND e.source_id <> $1 AND e.language = $2 AND similarity(e.title, n.title) >= ${ALIKE}`,
    [source.id, source.language, since, keys],
  );
  return new Set(rows.map(({ entry }) => entry));
}

/** Writes down a look at a source, and forgets those of long ago. */
export async function recordFetch(
  manager: EntityManager,
  sourceId: string,
  fetch: FetchRecord,
): Promise<void> {
  await manager.query(
    `INSERT INTO source_fetches (source_id, at, status, http_status, found, added, duration_ms, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      sourceId,
      fetch.at,
      fetch.status,
      fetch.httpStatus,
      fetch.found,
      fetch.added,
      fetch.durationMs,
      fetch.reason,
    ],
  );
  await manager.query(
    `DELETE FROM source_fetches WHERE source_id = $1 AND id <= (
       SELECT id FROM source_fetches WHERE source_id = $1 ORDER BY id DESC OFFSET ${FETCHES_KEPT} LIMIT 1)`,
    [sourceId],
  );
}

/** The last looks at a source, newest first. */
export const fetchesOf = (manager: EntityManager, sourceId: string): Promise<FetchRecord[]> =>
  manager.query(
    `SELECT at, status, http_status AS "httpStatus", found, added, duration_ms AS "durationMs", reason
     FROM source_fetches WHERE source_id = $1 ORDER BY id DESC`,
    [sourceId],
  );

/** Gives a source the address its server wants it to have, unless that is another source's already. */
export async function moveSource(manager: EntityManager, id: string, url: string): Promise<void> {
  await manager.query(
    `UPDATE sources SET url = $2, host = $3 WHERE id = $1 AND NOT EXISTS (SELECT FROM sources WHERE url = $2)`,
    [id, url, new URL(url).host],
  );
}
