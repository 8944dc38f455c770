import type { EntityManager } from 'typeorm';
import { periodOf } from '#libs/calendar';
import type { RewardBudget } from '#libs/programme';

/** Claims under a budget take turns; before anything else is locked, so that nobody waits crosswise. */
export async function lockBudgets(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('reward budgets', 0))`);
}

/** What a budget still has for a claim of somebody at an instant; what was declined is free again. */
export async function leftOf(
  manager: EntityManager,
  budget: RewardBudget,
  { personId, at, zone }: { personId: string; at: Date; zone: string },
): Promise<number> {
  const { start, end } = periodOf(budget.per, at.getTime(), zone);
  const [row]: { spent: number }[] = await manager.query(
    `SELECT COALESCE(sum(price), 0)::bigint AS spent FROM reward_claims JOIN people ON people.id = person_id
     WHERE claimed_at >= $1 AND claimed_at < $2 AND state <> 'rejected' AND ($3::text[] IS NULL OR reward = ANY($3))
       AND (NOT $4::boolean OR people.department IS NOT DISTINCT FROM (SELECT department FROM people WHERE id = $5))`,
    [new Date(start), new Date(end), budget.rewards ?? null, budget.each === 'department', personId],
  );
  return budget.points - row!.spent;
}
