import type { DataSource, EntityManager } from 'typeorm';

/** Runs a query with a manager that explains every statement instead, and returns the plans. */
export async function plansOf(
  source: DataSource,
  work: (manager: EntityManager) => Promise<unknown>,
): Promise<string> {
  const plans: string[] = [];
  const query = async (sql: string, parameters: unknown[]): Promise<object[]> => {
    const rows: { 'QUERY PLAN': string }[] = await source.query(`EXPLAIN ${sql}`, parameters);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return [];
  };
  // What a query makes of no rows does not matter here.
  await work({ query } as never).catch(() => undefined);
  return plans.join('\n');
}
