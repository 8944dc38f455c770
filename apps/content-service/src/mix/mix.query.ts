import type { EntityManager } from 'typeorm';
import { seenBy, shown } from '../targeting/targeted.query.js';
import type { Count } from './mix.js';

/** A stretch of time: after `from`, up to and with `to`. */
export interface Span {
  from: Date;
  to: Date;
}

/** What came out. */
export async function publishedCounts(manager: EntityManager, { from, to }: Span): Promise<Count[]> {
  return manager.query(
    `SELECT category, call_to_action AS "callToAction", count(*) AS posts FROM publications JOIN posts ON posts.id = post_id
     WHERE at > $1 AND at <= $2 GROUP BY 1, 2`,
    [from, to],
  );
}

/** What came out that at least one active member of each team is shown. */
export async function teamCounts(
  manager: EntityManager,
  { from, to }: Span,
  fallback: string,
): Promise<(Count & { team: string })[]> {
  const condition = await shown(manager, fallback, 2);
  return manager.query(
    `SELECT groups.name AS team, category, call_to_action AS "callToAction", count(*) AS posts
     FROM (SELECT DISTINCT team AS name FROM people WHERE active AND team IS NOT NULL) groups
     CROSS JOIN (publications JOIN posts ON posts.id = post_id)
     WHERE at > $1 AND at <= $2 AND ${seenBy('team', condition)} GROUP BY 1, 2, 3 ORDER BY 1`,
    [from, to, ...condition.parameters],
  );
}
