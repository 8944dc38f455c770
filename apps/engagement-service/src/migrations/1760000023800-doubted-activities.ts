import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Activities that count no more are remembered, also for rules that come later; budgets know the zone their periods were counted in. */
export class DoubtedActivities1760000023800 implements MigrationInterface {
  name = 'DoubtedActivities1760000023800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE doubted_activities (activity_id uuid PRIMARY KEY, reason text NOT NULL)`,
    );
    // Nobody knows the zone of what was counted before; it is counted anew.
    await runner.query(`DELETE FROM budget_usages`);
    await runner.query(`ALTER TABLE budget_usages ADD zone text NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE budget_usages DROP zone`);
    await runner.query(`DROP TABLE doubted_activities`);
  }
}
