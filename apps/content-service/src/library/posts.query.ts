import type { EntityManager } from 'typeorm';

/** What is told of a post that comes out. */
export interface CameOut {
  id: string;
  title: string;
  category: string;
  language: string;
  sourceId: string | null;
  suggestionId: string | null;
  occurrence: number;
}

/** What somebody writes of a post: column, field in JSON, type. Versions hold these. */
const CONTENT = [
  ['title', 'title', 'text'],
  ['url', 'url', 'text'],
  ['canonical_url', 'canonicalUrl', 'text'],
  ['summary', 'summary', 'text'],
  ['image_url', 'imageUrl', 'text'],
  ['category', 'category', 'text'],
  ['language', 'language', 'text'],
  ['languages', 'languages', 'text[]'],
  ['topics', 'topics', 'text[]'],
  ['hashtags', 'hashtags', 'text[]'],
  ['texts', 'texts', 'jsonb'],
  ['disclosure', 'disclosure', 'text'],
  ['call_to_action', 'callToAction', 'boolean'],
  ['target', 'target', 'jsonb'],
  ['expires_at', 'expiresAt', 'timestamptz'],
  ['repeat_weeks', 'repeatWeeks', 'int'],
  ['repeat_until', 'repeatUntil', 'timestamptz'],
] as const;
const columns = CONTENT.map(([column]) => column).join(', ');
const fields = CONTENT.map(([, field]) => `p."${field}"`).join(', ');
const shape = CONTENT.map(([, field, type]) => `"${field}" ${type}`).join(', ');
const asJson = `jsonb_build_object(${CONTENT.map(([column, field]) => `'${field}', ${column}`).join(', ')})`;

/** Stores what is new of a batch; articles that are known are passed over. Returns the ids that were stored. */
export async function insertPosts(
  manager: EntityManager,
  posts: readonly { id: string; status: 'draft' | 'review' }[],
  now: Date,
): Promise<Set<string>> {
  const rows: { id: string }[] = await manager.query(
    `INSERT INTO posts (id, status, source_id, suggestion_id, edited_by, created_at, edited_at, ${columns})
     SELECT p.id, p.status, p."sourceId", p."suggestionId", p."editedBy", $2, $2, ${fields}
     FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, status text, "sourceId" uuid, "suggestionId" uuid, "editedBy" uuid, ${shape})
     ON CONFLICT (canonical_url) DO NOTHING RETURNING id`,
    [JSON.stringify(posts), now],
  );
  return new Set(rows.map(({ id }) => id));
}

/** From `base` on the grid of weeks at its local time ($3: zone), the first moment after now ($2); null when it lies behind the end. */
const repeatAfter = (base: string): string => `CASE WHEN repeat_weeks IS NOT NULL THEN (
  SELECT CASE WHEN at <= repeat_until THEN at END FROM (
    SELECT timezone($3::text, timezone($3::text, ${base}) + k * make_interval(weeks => repeat_weeks)) AS at FROM generate_series(1, 3000) AS k
  ) grid WHERE at > $2::timestamptz ORDER BY at LIMIT 1) END`;

/** Publishes those of these posts that are in one of the states; of published ones it is another occurrence. */
export async function bringOut(
  manager: EntityManager,
  { ids, from, now, zone }: { ids: readonly string[]; from: readonly string[]; now: Date; zone: string },
): Promise<CameOut[]> {
  return manager.query(
    `WITH out AS (
       UPDATE posts SET status = 'published', published_at = $2, publish_at = NULL, occurrence = occurrence + 1,
         next_repeat_at = ${repeatAfter('COALESCE(next_repeat_at, $2::timestamptz)')}
       WHERE id = ANY($1::uuid[]) AND status = ANY($4::text[])
       RETURNING id, title, category, language, source_id AS "sourceId", suggestion_id AS "suggestionId", occurrence
     ), noted AS (
       INSERT INTO publications (post_id, occurrence, at) SELECT id, occurrence, $2::timestamptz FROM out
     )
     SELECT * FROM out`,
    [ids, now, zone, from],
  );
}

/** Works out anew when a published post comes out again, after its rhythm was edited. */
export async function replanRepeat(
  manager: EntityManager,
  id: string,
  now: Date,
  zone: string,
): Promise<void> {
  await manager.query(
    `UPDATE posts SET next_repeat_at = ${repeatAfter('published_at')} WHERE id = $1 AND status = 'published'`,
    [id, now, zone],
  );
}

/** Keeps the present content as a version, and puts another in its place. Throws PostgreSQL's 23505 for an article that is known. */
export async function replaceContent(
  manager: EntityManager,
  id: string,
  content: object,
  more: { now: Date; editedBy: string },
): Promise<void> {
  await manager.query(
    `INSERT INTO post_versions (post_id, version, content, edited_at, edited_by) SELECT id, version, ${asJson}, edited_at, edited_by FROM posts WHERE id = $1`,
    [id],
  );
  await manager.query(
    `UPDATE posts SET (${columns}) = ROW(${fields}), version = version + 1, edited_at = $3, edited_by = $4
     FROM jsonb_to_record($2::jsonb) AS p(${shape}) WHERE id = $1`,
    [id, JSON.stringify(content), more.now, more.editedBy],
  );
}

/** Every version of a post, newest first: the present one and those before. */
export async function versionsOf(manager: EntityManager, id: string): Promise<PostVersion[]> {
  return manager.query(
    `SELECT version, edited_at AS "editedAt", edited_by AS "editedBy", ${asJson} AS content FROM posts WHERE id = $1
     UNION ALL SELECT version, edited_at, edited_by, content FROM post_versions WHERE post_id = $1 ORDER BY version DESC`,
    [id],
  );
}

/** A post as it was written at some time. */
export interface PostVersion {
  version: number;
  editedAt: Date;
  editedBy: string | null;
  content: Record<string, unknown>;
}
