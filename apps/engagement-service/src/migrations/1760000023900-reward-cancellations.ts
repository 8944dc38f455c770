import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is declined or handed over by a person is not asked for any more. */
export class RewardCancellations1760000023900 implements MigrationInterface {
  name = 'RewardCancellations1760000023900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reward_deliveries DROP CONSTRAINT reward_deliveries_state_check,
        ADD CONSTRAINT reward_deliveries_state_check CHECK (state IN ('open', 'done', 'failed', 'cancelled'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE reward_deliveries SET state = 'failed' WHERE state = 'cancelled'`);
    await runner.query(`
      ALTER TABLE reward_deliveries DROP CONSTRAINT reward_deliveries_state_check,
        ADD CONSTRAINT reward_deliveries_state_check CHECK (state IN ('open', 'done', 'failed'))`);
  }
}
