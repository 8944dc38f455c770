import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the whole programme is stopped: then nothing is sent. */
export class Stop1760000103000 implements MigrationInterface {
  name = 'Stop1760000103000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE programme_stop (one boolean PRIMARY KEY DEFAULT true CHECK (one), stopped boolean NOT NULL, revision bigint NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE programme_stop`);
  }
}
