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
