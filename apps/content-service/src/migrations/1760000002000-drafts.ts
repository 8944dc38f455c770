import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A post that has not been published yet is a draft: it has no moment of publication. */
export class Drafts1760000002000 implements MigrationInterface {
  name = 'Drafts1760000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE posts ALTER COLUMN published_at DROP NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM posts WHERE published_at IS NULL`);
    await runner.query(`ALTER TABLE posts ALTER COLUMN published_at SET NOT NULL`);
  }
}
