import type { EntityManager } from 'typeorm';
import { periodFromKey } from '#libs/calendar';
import { PROGRAMME, budgetKey } from '#libs/scoring';
import type { BudgetName, BudgetUsage } from '#libs/scoring';

/** Fills the needed budgets with what is used of them, locked in one order until the transaction ends: nobody spends the same rest. */
export async function lockBudgets(
  manager: EntityManager,
  needed: ReadonlyMap<string, BudgetUsage>,
  zone: string,
): Promise<Map<string, BudgetUsage>> {
  if (needed.size === 0) return new Map();
  const wanted = [...needed.values()];
  const parameters = [
    wanted.map(({ budget }) => budget),
    wanted.map(({ per }) => per),
    wanted.map(({ periodKey }) => periodKey),
  ];
  const inZone = [...parameters, zone];
  const table = `unnest($1::text[], $2::text[], $3::text[]) AS w(budget, per, period_key)`;
  const begun: Omit<BudgetUsage, 'points'>[] = await manager.query(
    `INSERT INTO budget_usages (budget, per, period_key, points, zone) SELECT budget, per, period_key, 0, $4 FROM ${table}
     ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING RETURNING budget, per, period_key AS "periodKey"`,
    inZone,
  );
  // A budget that is set within its period has used what was given before; of others this finds next to nothing.
  for (const budget of begun) await addToBudgets(manager, [await givenOf(manager, budget, zone)]);
  const stored: BudgetUsage[] = await manager.query(
    `SELECT budget, per, period_key AS "periodKey", points FROM budget_usages JOIN ${table} USING (budget, per, period_key)
     ORDER BY budget, per, period_key FOR UPDATE OF budget_usages`,
    parameters,
  );
  return new Map(stored.map((usage) => [budgetKey(usage), usage]));
}

/** What the ledger says a budget has used: what its rule, or every rule, gave and adjusted in the period; what is held or taken back stays used. */
export async function givenOf(
  manager: EntityManager,
  budget: Omit<BudgetUsage, 'points'>,
  zone: string,
): Promise<BudgetUsage> {
  const { start, end } = periodFromKey(budget.periodKey, zone)!;
  const [row]: { points: number }[] = await manager.query(
    `SELECT COALESCE(sum(points), 0)::bigint AS points FROM ledger
     WHERE occurred_at >= $1 AND occurred_at < $2 AND kind IN ('earn', 'adjust') AND kind <> 'expire' AND rule NOT LIKE 'reward:%'
       AND CASE WHEN $3 = '${PROGRAMME}' THEN rule IN (SELECT rule FROM rule_versions) ELSE rule = $3 END`,
    [new Date(start), new Date(end), budget.budget],
  );
  return { ...budget, points: row!.points };
}

/** Moves budgets that are locked by so many points each. */
export async function addToBudgets(manager: EntityManager, moves: readonly BudgetUsage[]): Promise<void> {
  if (moves.length === 0) return;
  await manager.query(
    `UPDATE budget_usages b SET points = b.points + m.points
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS m(budget, per, period_key, points)
     WHERE (b.budget, b.per, b.period_key) = (m.budget, m.per, m.period_key)`,
    [
      moves.map(({ budget }) => budget),
      moves.map(({ per }) => per),
      moves.map(({ periodKey }) => periodKey),
      moves.map(({ points }) => points),
    ],
  );
}

/**
 * Forgets what is used of budgets that are not among these, or whose periods were counted in another zone: while a budget is out of the
 * programme nobody counts, so that it is counted anew when it comes back.
 */
export async function forgetOtherBudgets(
  manager: EntityManager,
  kept: readonly BudgetName[],
  zone: string,
): Promise<void> {
  await manager.query(
    `DELETE FROM budget_usages WHERE zone <> $3 OR (budget, per) NOT IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [kept.map(({ budget }) => budget), kept.map(({ per }) => per), zone],
  );
}
