import type { EntityManager } from 'typeorm';

/** Something that happens to a post at a moment. */
export interface CalendarEntry {
  at: Date;
  what: 'published' | 'scheduled' | 'repeat' | 'expires';
  postId: string;
  title: string;
  category: string;
  language: string;
  status: string;
}

const MOST = 2000;

/** What happens in [from, to), oldest first; repetitions are foretold as often as they fall into it. */
export async function calendarEntries(
  manager: EntityManager,
  { from, to, zone }: { from: Date; to: Date; zone: string },
): Promise<CalendarEntry[]> {
  return manager.query(
    `SELECT at, what, posts.id AS "postId", title, category, language, status FROM (
       SELECT post_id AS id, at, 'published' AS what FROM publications WHERE at >= $1 AND at < $2
       UNION ALL SELECT id, publish_at, 'scheduled' FROM posts WHERE status = 'scheduled' AND publish_at >= $1 AND publish_at < $2
       UNION ALL SELECT id, expires_at, 'expires' FROM posts WHERE status IN ('scheduled', 'published') AND expires_at >= $1 AND expires_at < $2
       UNION ALL SELECT id, repeated.at, 'repeat' FROM posts CROSS JOIN LATERAL (
           SELECT timezone($3::text, timezone($3::text, next_repeat_at) + k * make_interval(weeks => repeat_weeks)) AS at FROM generate_series(0, 400) AS k
         ) repeated
         WHERE status = 'published' AND next_repeat_at IS NOT NULL AND repeated.at >= $1 AND repeated.at < $2 AND repeated.at <= repeat_until
           AND (expires_at IS NULL OR repeated.at < expires_at)
     ) entries JOIN posts USING (id) ORDER BY at, title, posts.id LIMIT ${MOST}`,
    [from, to, zone],
  );
}

/** How often the present version of each post was approved; a post without any is not in it. */
export async function approvalsOf(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows: { id: string; n: number }[] = await manager.query(
    `SELECT posts.id, count(*) AS n FROM posts JOIN approvals a ON a.post_id = posts.id AND a.version = posts.version
     WHERE posts.id = ANY($1::uuid[]) GROUP BY 1`,
    [ids],
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}
