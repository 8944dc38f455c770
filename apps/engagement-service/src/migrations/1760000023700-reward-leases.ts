import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rewards another system hands over are taken for a while: no transaction stays open while that system is called. */
export class RewardLeases1760000023700 implements MigrationInterface {
  name = 'RewardLeases1760000023700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reward_deliveries ADD COLUMN leased_until timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reward_deliveries DROP COLUMN leased_until`);
  }
}
