import type { EntityManager } from 'typeorm';
import { periodFromKey } from '#libs/calendar';
import type { BudgetName, BudgetUsage } from '#libs/scoring';
import { addToBudgets, givenOf } from '../scoring/budgets.query.js';
import type { LedgerDifference } from './ledger.js';

/** The budgets of the programme, and its zone. */
interface BudgetsInForce {
  zone: string;
  names: readonly BudgetName[];
}

/** A budget whose period is over for so long has been checked often enough. */
const STILL_MS = 3 * 86_400_000;

/** Where the budgets in force of running and just ended periods differ from what the ledger gave. Each is locked while it is added up, and corrected when asked to. */
export async function differingBudgets(
  manager: EntityManager,
  { zone, names }: BudgetsInForce,
  { now, mend }: { now: number; mend: boolean },
): Promise<LedgerDifference[]> {
  const budgets: BudgetUsage[] = await manager.query(
    `SELECT budget, per, period_key AS "periodKey", points FROM budget_usages
     WHERE zone = $3 AND (budget, per) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY budget, per, period_key`,
    [names.map(({ budget }) => budget), names.map(({ per }) => per), zone],
  );
  const recent = budgets.filter(({ periodKey }) => periodFromKey(periodKey, zone)!.end > now - STILL_MS);
  const differences: LedgerDifference[] = [];
  for (const budget of recent) {
    const { budget: of, per, periodKey } = budget;
    const [row]: ({ points: number } | undefined)[] = await manager.query(
      `SELECT points FROM budget_usages WHERE budget = $1 AND per = $2 AND period_key = $3 FOR UPDATE`,
      [of, per, periodKey],
    );
    // Somebody has taken it out of the programme meanwhile.
    if (!row) continue;
    const kept = row.points;
    const { points: summed } = await givenOf(manager, budget, zone);
    if (kept === summed) continue;
    differences.push({ personId: null, what: `budget ${of} ${periodKey}`, kept, summed });
    if (mend) await addToBudgets(manager, [{ ...budget, points: summed - kept }]);
  }
  return differences;
}
