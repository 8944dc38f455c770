import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Questions that mails ask, the answers given, and pauses. */
export class Answers1760000101000 implements MigrationInterface {
  name = 'Answers1760000101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recipients ADD COLUMN paused_until timestamptz`);
    await runner.query(`ALTER TABLE deliveries ADD COLUMN answers jsonb`);
    await runner.query(`
      CREATE TABLE answers (
        delivery_id uuid PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
        answer text NOT NULL,
        at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE answers`);
    await runner.query(`ALTER TABLE deliveries DROP COLUMN answers`);
    await runner.query(`ALTER TABLE recipients DROP COLUMN paused_until`);
  }
}
