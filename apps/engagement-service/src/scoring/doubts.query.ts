import type { EntityManager } from 'typeorm';
import { isUuid } from '#libs/scoring';
import type { Activity, Chance } from '#libs/scoring';

/** An activity that counts no more, and why. */
export interface Doubted {
  activityId: string;
  reason: string;
}

/** Remembers activities that count no more, and what confirms shares among them; returns all with the one that was doubted (`of`). */
export async function noteDoubts(
  manager: EntityManager,
  doubts: readonly Doubted[],
): Promise<{ id: string; of: string }[]> {
  return manager.query(
    `WITH given AS (
       SELECT * FROM unnest($1::uuid[], $2::text[]) AS g(id, reason)
     ), doubted AS (
       SELECT id, id AS "of", reason FROM given
       UNION SELECT a.id, given.id, reason FROM given JOIN activities share USING (id)
         JOIN activities a ON a.person_id = share.person_id AND a.object_id = given.id::text AND a.type = 'share.confirmed'
     ), noted AS (
       INSERT INTO doubted_activities (activity_id, reason) SELECT id, reason FROM doubted ORDER BY id ON CONFLICT DO NOTHING
     )
     SELECT id, "of" FROM doubted`,
    [doubts.map(({ activityId }) => activityId), doubts.map(({ reason }) => reason)],
  );
}

/**
 * Leaves out what confirms a share that was taken back before; asks only where there is a confirmation. After the people are locked, as
 * whoever takes back locks them, too: one of the two sees the other.
 */
export async function withoutDoubted(
  manager: EntityManager,
  activities: readonly Activity[],
  chances: readonly Chance[],
): Promise<readonly Chance[]> {
  const late = activities.filter(({ type, objectId }) => type === 'share.confirmed' && isUuid(objectId));
  if (late.length === 0) return chances;
  const noted: { id: string }[] = await manager.query(
    `INSERT INTO doubted_activities (activity_id, reason)
     SELECT c.id, d.reason FROM unnest($1::uuid[], $2::uuid[]) AS c(id, share) JOIN doubted_activities d ON d.activity_id = c.share
     ORDER BY 1 ON CONFLICT DO NOTHING RETURNING activity_id AS id`,
    [late.map(({ id }) => id), late.map(({ objectId }) => objectId)],
  );
  const doubted = new Set(noted.map(({ id }) => id));
  return chances.filter(({ activity }) => !doubted.has(activity.id));
}

/** Why an activity counts no more; null while it does. */
export async function doubtOf(manager: EntityManager, activityId: string): Promise<string | null> {
  const [row]: { reason: string }[] = await manager.query(
    `SELECT reason FROM doubted_activities WHERE activity_id = $1`,
    [activityId],
  );
  return row?.reason ?? null;
}
