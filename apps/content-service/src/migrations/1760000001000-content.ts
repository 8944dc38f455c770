import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources, posts, shares with their tracked links, clicks and measured figures. */
export class Content1760000001000 implements MigrationInterface {
  name = 'Content1760000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sources (
        id uuid PRIMARY KEY, name text NOT NULL, url text NOT NULL UNIQUE, category text NOT NULL, language text NOT NULL,
        every_hours int NOT NULL, etag text, last_modified text, next_fetch_at timestamptz NOT NULL,
        last_fetched_at timestamptz, failures int NOT NULL DEFAULT 0, last_error text
      )`);
    await runner.query(`CREATE INDEX sources_due ON sources (next_fetch_at)`);
    await runner.query(`
      CREATE TABLE posts (
        id uuid PRIMARY KEY, title text NOT NULL, url text NOT NULL, canonical_url text NOT NULL UNIQUE, summary text NOT NULL,
        image_url text, category text NOT NULL, language text NOT NULL, source_id uuid REFERENCES sources, published_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX posts_published ON posts (published_at)`);
    await runner.query(
      `CREATE TABLE people (person_id uuid PRIMARY KEY, team text, locale text NOT NULL, active boolean NOT NULL)`,
    );
    await runner.query(`
      CREATE TABLE shares (
        id uuid PRIMARY KEY, link_id text NOT NULL UNIQUE, post_id uuid NOT NULL REFERENCES posts, person_id uuid NOT NULL,
        network text NOT NULL, caption text NOT NULL, target_url text NOT NULL, shared_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX shares_person ON shares (person_id, shared_at)`);
    await runner.query(`
      CREATE TABLE clicks (
        id uuid PRIMARY KEY, share_id uuid NOT NULL REFERENCES shares, at timestamptz NOT NULL,
        credible boolean NOT NULL, reasons text[] NOT NULL
      )`);
    await runner.query(`CREATE INDEX clicks_share ON clicks (share_id, at)`);
    await runner.query(
      `CREATE TABLE click_visitors (share_id uuid NOT NULL, visitor text NOT NULL, PRIMARY KEY (share_id, visitor))`,
    );
    await runner.query(`
      CREATE TABLE share_measures (
        share_id uuid PRIMARY KEY REFERENCES shares, impressions int NOT NULL, reactions int NOT NULL, comments int NOT NULL,
        reshares int NOT NULL, leads int NOT NULL, hires int NOT NULL, measured_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE share_measures, click_visitors, clicks, shares, people, posts, sources`);
  }
}
