import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of templates, drafts of the next ones, and which version a mail was written with. */
export class Templates1760000105000 implements MigrationInterface {
  name = 'Templates1760000105000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE template_versions (
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        template text NOT NULL,
        version int NOT NULL CHECK (version > 0),
        source text NOT NULL CHECK (source IN ('programme', 'published')),
        files jsonb NOT NULL,
        note text,
        published_at timestamptz NOT NULL,
        published_by text NOT NULL,
        PRIMARY KEY (template, version)
      )`);
    await runner.query(`
      CREATE TABLE template_drafts (
        template text PRIMARY KEY,
        files jsonb NOT NULL,
        saved_at timestamptz NOT NULL,
        saved_by text NOT NULL
      )`);
    await runner.query(`ALTER TABLE deliveries ADD COLUMN template_version int`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deliveries DROP COLUMN template_version`);
    await runner.query(`DROP TABLE template_drafts, template_versions`);
  }
}
