import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Open Badges: the keys of the issuer, and a credential for an award. Nothing here tells who somebody is. */
export class Credentials1760000020000 implements MigrationInterface {
  name = 'Credentials1760000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE credential_keys (
        id text PRIMARY KEY, public_jwk jsonb NOT NULL, sealed_private_key bytea, made_at timestamptz NOT NULL, retired_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX credential_keys_current ON credential_keys ((true)) WHERE retired_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE credentials (
        id uuid PRIMARY KEY, award_id uuid NOT NULL UNIQUE REFERENCES badge_awards ON DELETE CASCADE,
        salt text NOT NULL, subject uuid NOT NULL,
        achievement jsonb NOT NULL,
        status_index bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 0 START 0) UNIQUE, issued_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE credentials, credential_keys`);
  }
}
