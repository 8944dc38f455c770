import type { EntityManager } from 'typeorm';
import { periodFromKey } from '#libs/calendar';
import type { BudgetUsage } from '#libs/scoring';
import { givenOf } from '../scoring/budgets.query.js';
import type { LedgerDifference } from './ledger.js';

/** A budget whose period is over for so long has been checked often enough. */
const STILL_MS = 3 * 86_400_000;

/** Where the budgets of running and just ended periods differ from what the ledger gave. Each is locked while it is added up. */
export async function differingBudgets(
  manager: EntityManager,
  zone: string,
  now: number,
): Promise<LedgerDifference[]> {
  const budgets: BudgetUsage[] = await manager.query(
    `SELECT budget, per, period_key AS "periodKey", points FROM budget_usages ORDER BY budget, per, period_key`,
  );
  const recent = budgets.filter(({ periodKey }) => periodFromKey(periodKey, zone)!.end > now - STILL_MS);
  const differences: LedgerDifference[] = [];
  for (const budget of recent) {
    const { budget: of, per, periodKey } = budget;
    const [row]: { points: number }[] = await manager.query(
      `SELECT points FROM budget_usages WHERE budget = $1 AND per = $2 AND period_key = $3 FOR UPDATE`,
      [of, per, periodKey],
    );
    const kept = row!.points;
    const { points: summed } = await givenOf(manager, budget, zone);
    if (kept !== summed)
      differences.push({ personId: null, what: `budget ${of} ${periodKey}`, kept, summed });
  }
  return differences;
}
