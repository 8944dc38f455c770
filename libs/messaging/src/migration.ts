import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outbox, inbox, relay state and dead letters: the same in the database of every service. */
export class Messaging1760000000000 implements MigrationInterface {
  name = 'Messaging1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        subject text NOT NULL,
        envelope text NOT NULL,
        published_at timestamptz
      )`);
    await runner.query(`CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL`);
    await runner.query(
      `CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE TABLE relay_state (one boolean PRIMARY KEY CHECK (one), stream_created text NOT NULL)`,
    );
    await runner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (consumer, event_id)
      )`);
    await runner.query(`CREATE INDEX inbox_handled ON inbox (handled_at)`);
    await runner.query(`
      CREATE TABLE dead_letters (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        subject text NOT NULL,
        payload text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        resolved_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE dead_letters, inbox, relay_state, outbox`);
  }
}

/**
 * Indexes that cost little to write: every event is written twice (told, published) and every inbox row once, while
 * housekeeping looks at their times once an hour and finds old rows together at the beginning of the table.
 */
export class MessagingSpeed1760000000100 implements MigrationInterface {
  name = 'MessagingSpeed1760000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox DROP CONSTRAINT outbox_event_id_key, DROP CONSTRAINT outbox_pkey,
      ADD PRIMARY KEY (event_id)`);
    await runner.query(`DROP INDEX outbox_published, inbox_handled`);
    await runner.query(`CREATE INDEX outbox_published ON outbox USING brin (published_at)`);
    await runner.query(`CREATE INDEX inbox_handled ON inbox USING brin (handled_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX outbox_published, inbox_handled`);
    await runner.query(
      `ALTER TABLE outbox DROP CONSTRAINT outbox_pkey, ADD PRIMARY KEY (seq), ADD UNIQUE (event_id)`,
    );
    await runner.query(
      `CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX inbox_handled ON inbox (handled_at)`);
  }
}

/** What was decided about a dead letter, by whom, and why. */
export class MessagingDecisions1760000000200 implements MigrationInterface {
  name = 'MessagingDecisions1760000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE dead_letters ADD resolution text CHECK (resolution IN ('retried', 'dropped')), ADD resolved_by text,
         ADD resolved_reason text`,
    );
    await runner.query(`CREATE INDEX dead_letters_open ON dead_letters (at) WHERE resolved_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX dead_letters_open`);
    await runner.query(`ALTER TABLE dead_letters DROP resolution, DROP resolved_by, DROP resolved_reason`);
  }
}

/**
 * An event is written once and stays as it is; what the broker does not have yet is a list of numbers beside it. Marking an event as
 * told in its own row would copy the envelope and its index entries a second time.
 */
export class MessagingPending1760000000300 implements MigrationInterface {
  name = 'MessagingPending1760000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE outbox_pending (seq bigint PRIMARY KEY, event_id uuid NOT NULL)`);
    await runner.query(
      `INSERT INTO outbox_pending (seq, event_id) SELECT seq, event_id FROM outbox WHERE published_at IS NULL`,
    );
    await runner.query(`DROP INDEX outbox_unpublished, outbox_published`);
    // Since when an event is kept for a broker that loses everything: told late, it begins anew.
    await runner.query(`ALTER TABLE outbox ADD kept_since timestamptz`);
    await runner.query(`UPDATE outbox SET kept_since = COALESCE(published_at, clock_timestamp())`);
    await runner.query(
      `ALTER TABLE outbox DROP published_at, ALTER kept_since SET NOT NULL, ALTER kept_since SET DEFAULT clock_timestamp()`,
    );
    await runner.query(`CREATE INDEX outbox_kept ON outbox USING brin (kept_since)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX outbox_kept`);
    await runner.query(`ALTER TABLE outbox RENAME COLUMN kept_since TO published_at`);
    await runner.query(
      `ALTER TABLE outbox ALTER published_at DROP NOT NULL, ALTER published_at DROP DEFAULT`,
    );
    await runner.query(
      `UPDATE outbox SET published_at = NULL WHERE event_id IN (SELECT event_id FROM outbox_pending)`,
    );
    await runner.query(`DROP TABLE outbox_pending`);
    await runner.query(`CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL`);
    await runner.query(`CREATE INDEX outbox_published ON outbox USING brin (published_at)`);
  }
}
