import type { EntityManager } from 'typeorm';
import type { DayWindow } from '#libs/scoring';

/** Whose metrics: one person's, a team's, or everybody's. */
export type Whose = { personId: string } | { team: string } | 'everybody';

/**
 * What every metric comes to over local days, by metric; nothing is not there. What a distinct metric meets counts once, whoever met it.
 * Plan: of one person or team `metric_days_pkey`; of everybody the pages of the window by `metric_days_day`. No activity is read.
 */
export async function readWindow(
  manager: EntityManager,
  whose: Whose,
  { from, to }: DayWindow,
): Promise<Map<string, number>> {
  const [condition, ...values] = conditionOf(whose);
  const rows: { metric: string; value: number }[] = await manager.query(
    `SELECT metric, sum(value)::float8 AS value FROM metric_days WHERE day >= $1::date AND day < $2::date ${condition} GROUP BY metric
     UNION ALL
     SELECT metric, count(DISTINCT element)::float8 FROM metric_elements WHERE day >= $1::date AND day < $2::date ${condition} GROUP BY metric`,
    [from, to, ...values],
  );
  return new Map(rows.map(({ metric, value }) => [metric, value]));
}

function conditionOf(whose: Whose): [string, ...string[]] {
  if (whose === 'everybody') return [''];
  if ('personId' in whose) return ['AND person_id = $3::uuid', whose.personId];
  return ['AND person_id IN (SELECT id FROM people WHERE team = $3)', whose.team];
}
