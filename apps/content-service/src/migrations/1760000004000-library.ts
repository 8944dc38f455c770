import type { MigrationInterface, QueryRunner } from 'typeorm';

/** States, texts, targets, versions and reviews of posts; suggestions; what is known of people to target them; the supply. */
export class Library1760000004000 implements MigrationInterface {
  name = 'Library1760000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    // array_to_string is only stable for arrays of anything; of texts it depends on nothing.
    await runner.query(
      `CREATE FUNCTION words_of(text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string($1, ' ') $$`,
    );
    await this.posts(runner);
    await this.besidePosts(runner);
    await this.people(runner);
    await runner.query(`
      CREATE TABLE programme (id boolean PRIMARY KEY DEFAULT true CHECK (id), version int NOT NULL, settings jsonb NOT NULL)`);
    await runner.query(`
      CREATE TABLE supply_alarms (
        kind text NOT NULL, group_by text NOT NULL, name text NOT NULL, since timestamptz NOT NULL, PRIMARY KEY (kind, group_by, name)
      )`);
    await runner.query(`CREATE INDEX shares_alike ON shares (post_id, shared_at)`);
    await runner.query(
      `CREATE TABLE supply_checks (id boolean PRIMARY KEY DEFAULT true CHECK (id), day date NOT NULL)`,
    );
  }

  private async posts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE posts
        ADD status text CHECK (status IN ('draft', 'review', 'scheduled', 'published', 'expired', 'archived')),
        ADD topics text[] NOT NULL DEFAULT '{}', ADD hashtags text[] NOT NULL DEFAULT '{}', ADD texts jsonb NOT NULL DEFAULT '[]',
        ADD languages text[], ADD disclosure text, ADD call_to_action boolean NOT NULL DEFAULT false, ADD target jsonb,
        ADD publish_at timestamptz, ADD expires_at timestamptz,
        ADD repeat_weeks int, ADD repeat_until timestamptz, ADD next_repeat_at timestamptz, ADD occurrence int NOT NULL DEFAULT 0,
        ADD version int NOT NULL DEFAULT 1, ADD created_at timestamptz, ADD edited_at timestamptz, ADD edited_by uuid, ADD suggestion_id uuid`);
    await runner.query(`
      UPDATE posts SET status = CASE WHEN published_at IS NULL THEN 'draft' ELSE 'published' END, languages = ARRAY[language],
        occurrence = CASE WHEN published_at IS NULL THEN 0 ELSE 1 END, created_at = COALESCE(published_at, now()), edited_at = COALESCE(published_at, now())`);
    await runner.query(`
      ALTER TABLE posts ALTER status SET NOT NULL, ALTER languages SET NOT NULL, ALTER created_at SET NOT NULL, ALTER edited_at SET NOT NULL,
        ADD CHECK (status <> 'published' OR published_at IS NOT NULL), ADD CHECK ((status = 'scheduled') = (publish_at IS NOT NULL)),
        ADD search tsvector GENERATED ALWAYS AS (
          to_tsvector('simple', title) || to_tsvector('simple', summary) || to_tsvector('simple', words_of(topics)) ||
          jsonb_to_tsvector('simple', jsonb_path_query_array(texts, '$[*].text'), '["string"]')
        ) STORED`);
    await runner.query(`CREATE INDEX posts_search ON posts USING gin (search)`);
    await runner.query(
      `CREATE INDEX posts_listed ON posts (status, COALESCE(published_at, created_at) DESC, title, id)`,
    );
    await runner.query(`CREATE INDEX posts_publish_at ON posts (publish_at) WHERE status = 'scheduled'`);
    await runner.query(`CREATE INDEX posts_repeat_at ON posts (next_repeat_at) WHERE status = 'published'`);
    await runner.query(`CREATE INDEX posts_expires_at ON posts (expires_at) WHERE status = 'published'`);
    await runner.query(
      `CREATE INDEX posts_audience ON posts ((target ->> 'audience')) WHERE target ? 'audience'`,
    );
  }

  private async besidePosts(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE publications (post_id uuid NOT NULL REFERENCES posts, occurrence int NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (post_id, occurrence))`);
    await runner.query(
      `INSERT INTO publications SELECT id, occurrence, published_at FROM posts WHERE published_at IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX publications_at ON publications (at)`);
    await runner.query(`
      CREATE TABLE post_versions (
        post_id uuid NOT NULL REFERENCES posts, version int NOT NULL, content jsonb NOT NULL, edited_at timestamptz NOT NULL, edited_by uuid,
        PRIMARY KEY (post_id, version)
      )`);
    await runner.query(`
      CREATE TABLE approvals (
        post_id uuid NOT NULL REFERENCES posts, version int NOT NULL, key_id uuid NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (post_id, version, key_id)
      )`);
    await runner.query(`
      CREATE TABLE post_comments (
        id uuid PRIMARY KEY, post_id uuid NOT NULL REFERENCES posts, key_id uuid NOT NULL, by text NOT NULL, text text NOT NULL, at timestamptz NOT NULL,
        seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY
      )`);
    await runner.query(`CREATE INDEX post_comments_post ON post_comments (post_id, seq)`);
    await runner.query(`
      CREATE TABLE suggestions (
        id uuid PRIMARY KEY, person_id uuid NOT NULL, title text NOT NULL, url text NOT NULL, canonical_url text NOT NULL, text text NOT NULL,
        category text NOT NULL, language text NOT NULL, status text NOT NULL CHECK (status IN ('open', 'accepted', 'declined')),
        reason text, post_id uuid REFERENCES posts, suggested_at timestamptz NOT NULL, published_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX suggestions_article ON suggestions (canonical_url) WHERE status <> 'declined'`,
    );
    await runner.query(`CREATE INDEX suggestions_at ON suggestions (suggested_at)`);
    await runner.query(`CREATE INDEX suggestions_person ON suggestions (person_id)`);
  }

  private async people(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE people ADD department text, ADD location text, ADD seniority text, ADD interests text[] NOT NULL DEFAULT '{}',
        ADD language text NOT NULL GENERATED ALWAYS AS (lower(split_part(locale, '-', 1))) STORED`);
    await runner.query(`CREATE INDEX people_team ON people (team) WHERE active`);
    await runner.query(`CREATE INDEX people_language ON people (language) WHERE active`);
    await runner.query(`CREATE INDEX people_unread ON people (person_id) WHERE seniority IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX shares_alike`);
    await runner.query(
      `DROP TABLE supply_checks, supply_alarms, programme, suggestions, post_comments, approvals, post_versions, publications`,
    );
    await runner.query(
      `ALTER TABLE people DROP department, DROP location, DROP seniority, DROP interests, DROP language`,
    );
    await runner.query(`
      ALTER TABLE posts DROP search, DROP status, DROP topics, DROP hashtags, DROP texts, DROP languages, DROP disclosure, DROP call_to_action,
        DROP target, DROP publish_at, DROP expires_at, DROP repeat_weeks, DROP repeat_until, DROP next_repeat_at, DROP occurrence,
        DROP version, DROP created_at, DROP edited_at, DROP edited_by, DROP suggestion_id`);
    await runner.query(`DROP FUNCTION words_of(text[])`);
  }
}
