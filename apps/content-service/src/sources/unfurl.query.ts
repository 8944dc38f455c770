import type { EntityManager } from 'typeorm';

/** A page that is to be asked; `tries` counts this one. */
export interface Unfurl {
  postId: string;
  url: string;
  tries: number;
}

/** Queues those of these posts that have no picture or no summary. */
export async function askUnfurls(
  manager: EntityManager,
  postIds: readonly string[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO unfurls (post_id, url, due_at) SELECT id, url, $2 FROM posts
     WHERE id = ANY($1::uuid[]) AND (image_url IS NULL OR summary = '') ON CONFLICT DO NOTHING`,
    [postIds, now],
  );
}

/** Takes some that are due, and puts them off until `again` in case they fail. */
export async function claimUnfurls(
  manager: EntityManager,
  { now, again, limit }: { now: Date; again: Date; limit: number },
): Promise<Unfurl[]> {
  const [rows]: [Unfurl[], number] = await manager.query(
    `UPDATE unfurls SET tries = tries + 1, due_at = $2 WHERE post_id IN (
       SELECT post_id FROM unfurls WHERE due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING post_id AS "postId", url, tries`,
    [now, again, limit],
  );
  return rows;
}

/** Gives a post what it lacks; what somebody has written meanwhile stays. */
export async function fillPost(
  manager: EntityManager,
  postId: string,
  card: { summary: string; image: string | null },
): Promise<void> {
  await manager.query(
    `UPDATE posts SET image_url = COALESCE(image_url, $2), summary = CASE WHEN summary = '' THEN $3 ELSE summary END WHERE id = $1`,
    [postId, card.image, card.summary],
  );
}

export async function forgetUnfurl(manager: EntityManager, postId: string): Promise<void> {
  await manager.query(`DELETE FROM unfurls WHERE post_id = $1`, [postId]);
}

/** When the next page is due to be asked. */
export async function nextUnfurl(manager: EntityManager): Promise<Date | null> {
  const [row]: { at: Date | null }[] = await manager.query(`SELECT min(due_at) AS at FROM unfurls`);
  return row?.at ?? null;
}
