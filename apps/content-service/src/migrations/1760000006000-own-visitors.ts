import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The visitor somebody is today, known from the page on which they shared: their own visits earn nothing. */
export class OwnVisitors1760000006000 implements MigrationInterface {
  name = 'OwnVisitors1760000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE own_visitors (person_id uuid NOT NULL, visitor text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (person_id, visitor))`,
    );
    await runner.query(`CREATE INDEX own_visitors_at ON own_visitors (at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE own_visitors`);
  }
}
