import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The programme as files by version, HR's values as part of a workflow's version, runs on their way to a version, and the audit. */
export class Programme1760000007000 implements MigrationInterface {
  name = 'Programme1760000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflow_versions
        ADD input_values jsonb NOT NULL DEFAULT '{}', ADD published_by text NOT NULL DEFAULT 'programme folder', ADD back_to int`);
    await runner.query(`ALTER TABLE workflows ADD switched_off_at timestamptz`);
    await runner.query(`
      CREATE TABLE programme_versions (
        version int PRIMARY KEY, files jsonb NOT NULL, applied_at timestamptz NOT NULL, applied_by text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE workflow_moves (
        id uuid PRIMARY KEY, workflow_id text NOT NULL, version int, waiting jsonb NOT NULL, reason text NOT NULL,
        cursor text NOT NULL DEFAULT '', moved int NOT NULL DEFAULT 0, stopped int NOT NULL DEFAULT 0,
        kept int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL, finished_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX workflow_moves_open ON workflow_moves (created_at) WHERE finished_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE audit (
        id uuid PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, who text NOT NULL,
        action text NOT NULL, what text NOT NULL, before jsonb, after jsonb
      )`);
    await runner.query(`CREATE INDEX audit_seq ON audit (seq)`);
    await runner.query(`CREATE INDEX audit_what ON audit (what, seq)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit, workflow_moves, programme_versions`);
    await runner.query(`ALTER TABLE workflows DROP switched_off_at`);
    await runner.query(`ALTER TABLE workflow_versions DROP input_values, DROP published_by, DROP back_to`);
  }
}
