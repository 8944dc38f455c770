import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Boards read what was earned, not what was spent on rewards: the same index, without those. */
export class Scores1760000013000 implements MigrationInterface {
  name = 'Scores1760000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ledger_time`);
    await runner.query(
      `CREATE INDEX ledger_scores ON ledger (occurred_at) INCLUDE (person_id, points) WHERE rule NOT LIKE 'reward:%'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ledger_scores`);
    await runner.query(`CREATE INDEX ledger_time ON ledger (occurred_at) INCLUDE (person_id, points)`);
  }
}
