import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys, people, teams, invitations. */
export class People1760000001000 implements MigrationInterface {
  name = 'People1760000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id uuid PRIMARY KEY, name text NOT NULL, role text NOT NULL, key_hash text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL, revoked_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE people (
        id uuid PRIMARY KEY,
        external_id text UNIQUE,
        email text NOT NULL UNIQUE CHECK (email = lower(email)),
        name text NOT NULL,
        locale text NOT NULL, zone text NOT NULL,
        team text, department text, location text, seniority text NOT NULL,
        lead_id uuid REFERENCES people,
        active boolean NOT NULL DEFAULT true,
        consents_ranking boolean NOT NULL DEFAULT true,
        consents_mail boolean NOT NULL DEFAULT true,
        joined_on date,
        created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX people_team ON people (team)`);
    await runner.query(`CREATE TABLE teams (name text PRIMARY KEY, lead_id uuid REFERENCES people)`);
    await runner.query(`
      CREATE TABLE invitations (
        id uuid PRIMARY KEY, person_id uuid NOT NULL REFERENCES people, wave text NOT NULL,
        sent_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, accepted_at timestamptz,
        UNIQUE (person_id, wave)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE invitations, teams, people, api_keys`);
  }
}
