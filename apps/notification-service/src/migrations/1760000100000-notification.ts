import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recipients, deliveries and the timeline of each. */
export class Notification1760000100000 implements MigrationInterface {
  name = 'Notification1760000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recipients (
        person_id uuid PRIMARY KEY,
        name text NOT NULL,
        email text NOT NULL,
        locale text NOT NULL,
        zone text NOT NULL,
        active boolean NOT NULL,
        consents_ranking boolean NOT NULL,
        consents_mail boolean NOT NULL,
        unsubscribed_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE deliveries (
        id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        intent_key text NOT NULL UNIQUE,
        person_id uuid NOT NULL,
        template text NOT NULL,
        data jsonb NOT NULL,
        workflow jsonb NOT NULL,
        traceparent text,
        state text NOT NULL CHECK (state IN ('intended', 'sending', 'sent', 'failed', 'suppressed', 'ambiguous')),
        reason text,
        attempts int NOT NULL DEFAULT 0,
        repeats int NOT NULL DEFAULT 0,
        resends int NOT NULL DEFAULT 0,
        requested_at timestamptz NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        settled_at timestamptz,
        claimed_by text,
        claimed_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX deliveries_due ON deliveries (next_attempt_at, seq) WHERE state = 'intended'`,
    );
    await runner.query(
      `CREATE INDEX deliveries_in_flight ON deliveries (claimed_at) WHERE state = 'sending'`,
    );
    await runner.query(`CREATE INDEX deliveries_of_person ON deliveries (person_id, seq)`);
    await runner.query(`CREATE INDEX deliveries_by_template ON deliveries (template, state)`);
    await runner.query(`
      CREATE TABLE delivery_events (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        delivery_id uuid NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        at timestamptz NOT NULL,
        state text NOT NULL,
        detail text NOT NULL
      )`);
    await runner.query(`CREATE INDEX delivery_events_of ON delivery_events (delivery_id, seq)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE delivery_events, deliveries, recipients`);
  }
}
