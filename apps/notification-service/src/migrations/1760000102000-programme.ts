import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The programme's files as they were applied, so that this service starts with them by itself. */
export class Programme1760000102000 implements MigrationInterface {
  name = 'Programme1760000102000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE programme_versions (version int PRIMARY KEY, files jsonb NOT NULL, refused text)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE programme_versions`);
  }
}
