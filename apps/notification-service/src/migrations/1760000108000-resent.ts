import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a delivery was last sent again by hand: how long it is good for counts from then. */
export class Resent1760000108000 implements MigrationInterface {
  name = 'Resent1760000108000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deliveries ADD COLUMN resent_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deliveries DROP COLUMN resent_at`);
  }
}
