import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came back, and to whom nothing is sent because of it. Erasing a recipient erases both from the person. */
export class Bounces1760000104000 implements MigrationInterface {
  name = 'Bounces1760000104000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bounces (
        id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        at timestamptz NOT NULL,
        via text NOT NULL CHECK (via IN ('smtp', 'http')),
        kind text NOT NULL CHECK (kind IN ('hard', 'soft', 'auto-reply', 'complaint', 'other')),
        delayed boolean NOT NULL,
        status text,
        reason text NOT NULL,
        matched_by text CHECK (matched_by IN ('return_path', 'message_id')),
        delivery_id uuid REFERENCES deliveries (id) ON DELETE SET NULL,
        resends int,
        person_id uuid REFERENCES recipients (person_id) ON DELETE SET NULL,
        counted boolean NOT NULL
      )`);
    // One failed mail is one bounce, in however many words and from however many servers it is told.
    await runner.query(
      `CREATE UNIQUE INDEX bounces_counted ON bounces (delivery_id, resends, kind) WHERE counted`,
    );
    await runner.query(`CREATE INDEX bounces_of_person ON bounces (person_id, at) WHERE counted`);
    await runner.query(`
      CREATE TABLE suppressions (
        id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        person_id uuid NOT NULL REFERENCES recipients (person_id) ON DELETE CASCADE,
        address_hash text,
        cause text NOT NULL CHECK (cause IN ('hard_bounce', 'soft_bounces', 'complaint', 'by_hand')),
        status text,
        reason text NOT NULL,
        bounce_id uuid REFERENCES bounces (id) ON DELETE SET NULL,
        at timestamptz NOT NULL,
        added_by text NOT NULL,
        released_at timestamptz,
        released_by text,
        release_reason text
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX suppressions_standing ON suppressions (person_id, coalesce(address_hash, '')) WHERE released_at IS NULL`,
    );
    await runner.query(`CREATE INDEX suppressions_of_address ON suppressions (address_hash)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE suppressions, bounces`);
  }
}
