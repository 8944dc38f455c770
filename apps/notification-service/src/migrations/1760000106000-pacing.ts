import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people chose, and what caps and digests need to know of deliveries. */
export class Pacing1760000106000 implements MigrationInterface {
  name = 'Pacing1760000106000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE recipients
        ADD COLUMN location text,
        ADD COLUMN topics jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN digest text CHECK (digest IN ('daily', 'weekly', 'off'))`);
    await runner.query(`
      ALTER TABLE deliveries
        ADD COLUMN urgent boolean NOT NULL DEFAULT false,
        ADD COLUMN held boolean NOT NULL DEFAULT false,
        ADD COLUMN bundle uuid,
        ADD COLUMN counted_at timestamptz`);
    await runner.query(`DROP INDEX deliveries_due`);
    // Two, so that the urgent ones are found first and neither search walks over what waits for a digest.
    await runner.query(
      `CREATE INDEX deliveries_due ON deliveries (next_attempt_at, seq) WHERE state = 'intended' AND NOT urgent`,
    );
    await runner.query(
      `CREATE INDEX deliveries_due_urgent ON deliveries (next_attempt_at, seq) WHERE state = 'intended' AND urgent`,
    );
    await runner.query(
      `CREATE INDEX deliveries_waiting ON deliveries (person_id) WHERE state = 'intended' AND NOT urgent`,
    );
    await runner.query(
      `CREATE INDEX deliveries_counted ON deliveries (person_id, counted_at) WHERE counted_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP INDEX deliveries_due, deliveries_due_urgent, deliveries_waiting, deliveries_counted`,
    );
    await runner.query(
      `CREATE INDEX deliveries_due ON deliveries (next_attempt_at, seq) WHERE state = 'intended'`,
    );
    await runner.query(
      `ALTER TABLE deliveries DROP COLUMN urgent, DROP COLUMN held, DROP COLUMN bundle, DROP COLUMN counted_at`,
    );
    await runner.query(`ALTER TABLE recipients DROP COLUMN location, DROP COLUMN topics, DROP COLUMN digest`);
  }
}
