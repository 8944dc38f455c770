import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a source's articles go and who answers for it, what was fetched when, which entries are known, which posts lack a picture. */
export class Sources1760000003000 implements MigrationInterface {
  name = 'Sources1760000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sources ADD host text, ADD "to" text NOT NULL DEFAULT 'library' CHECK ("to" IN ('review', 'library')), ADD owner_id uuid,
        ADD status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'gone')), ADD asked_minutes int, ADD broken_since timestamptz`);
    await runner.query(`UPDATE sources SET host = lower(substring(url FROM '^[a-z]+://([^/?#]+)'))`);
    await runner.query(`ALTER TABLE sources ALTER host SET NOT NULL`);
    await runner.query(`DROP INDEX sources_due`);
    await runner.query(`CREATE INDEX sources_due ON sources (next_fetch_at) WHERE status = 'active'`);
    await runner.query(
      `ALTER TABLE posts DROP CONSTRAINT posts_source_id_fkey, ADD FOREIGN KEY (source_id) REFERENCES sources ON DELETE SET NULL`,
    );
    await runner.query(`CREATE INDEX posts_source ON posts (source_id) WHERE source_id IS NOT NULL`);
    await this.besideSources(runner);
  }

  private async besideSources(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE source_fetches (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source_id uuid NOT NULL REFERENCES sources ON DELETE CASCADE, at timestamptz NOT NULL,
        status text NOT NULL, http_status int, found int NOT NULL, added int NOT NULL, duration_ms int NOT NULL, reason text
      )`);
    await runner.query(`CREATE INDEX source_fetches_source ON source_fetches (source_id, id DESC)`);
    await runner.query(`
      CREATE TABLE source_entries (
        source_id uuid NOT NULL REFERENCES sources ON DELETE CASCADE, entry text NOT NULL, title text NOT NULL, language text NOT NULL,
        seen_at timestamptz NOT NULL, PRIMARY KEY (source_id, entry),
        head text GENERATED ALWAYS AS (left(regexp_replace(lower(title), '[[:punct:][:space:]]+', '', 'g'), 16)) STORED,
        tail text GENERATED ALWAYS AS (right(regexp_replace(lower(title), '[[:punct:][:space:]]+', '', 'g'), 16)) STORED
      )`);
    await runner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await runner.query(`CREATE INDEX source_entries_head ON source_entries (head, seen_at)`);
    await runner.query(`CREATE INDEX source_entries_tail ON source_entries (tail, seen_at)`);
    await runner.query(`
      CREATE TABLE unfurls (
        post_id uuid PRIMARY KEY REFERENCES posts ON DELETE CASCADE, url text NOT NULL, tries int NOT NULL DEFAULT 0, due_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX unfurls_due ON unfurls (due_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE unfurls, source_entries, source_fetches`);
    await runner.query(`DROP INDEX posts_source, sources_due`);
    await runner.query(`CREATE INDEX sources_due ON sources (next_fetch_at)`);
    await runner.query(
      `ALTER TABLE posts DROP CONSTRAINT posts_source_id_fkey, ADD FOREIGN KEY (source_id) REFERENCES sources`,
    );
    await runner.query(
      `ALTER TABLE sources DROP host, DROP "to", DROP owner_id, DROP status, DROP asked_minutes, DROP broken_since`,
    );
  }
}
