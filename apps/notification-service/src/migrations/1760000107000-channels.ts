import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries to channels, which are nobody's, and entries for calendars. */
export class Channels1760000107000 implements MigrationInterface {
  name = 'Channels1760000107000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deliveries
        ALTER COLUMN person_id DROP NOT NULL,
        ADD COLUMN channel text,
        ADD COLUMN calendar jsonb,
        ADD CONSTRAINT deliveries_whose CHECK ((person_id IS NULL) = (channel IS NOT NULL))`);
    await runner.query(
      `CREATE INDEX deliveries_calendar ON deliveries (person_id, (calendar->>'uid')) WHERE calendar IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM deliveries WHERE person_id IS NULL`);
    await runner.query(`ALTER TABLE deliveries DROP COLUMN channel, DROP COLUMN calendar`);
    await runner.query(`ALTER TABLE deliveries ALTER COLUMN person_id SET NOT NULL`);
  }
}
