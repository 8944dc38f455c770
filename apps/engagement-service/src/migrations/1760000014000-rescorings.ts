import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules counted backwards; each goes through the people page by page. Adjusting entries may be several of one version. */
export class Rescorings1760000014000 implements MigrationInterface {
  name = 'Rescorings1760000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rescorings (
        id uuid PRIMARY KEY, rule text NOT NULL, rule_version int NOT NULL, since date NOT NULL, state text NOT NULL
          CHECK (state IN ('running', 'done', 'failed')), cursor uuid, entries int NOT NULL DEFAULT 0, people int NOT NULL DEFAULT 0,
        points bigint NOT NULL DEFAULT 0, reason text, ordered_at timestamptz NOT NULL, ended_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX rescorings_running ON rescorings (rule) WHERE state = 'running'`);
    await runner.query(
      `ALTER TABLE ledger DROP CONSTRAINT ledger_rule_rule_version_source_event_id_person_id_kind_key`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX ledger_once ON ledger (rule, rule_version, source_event_id, person_id, kind) WHERE kind <> 'adjust'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ledger_once`);
    await runner.query(
      `ALTER TABLE ledger ADD UNIQUE (rule, rule_version, source_event_id, person_id, kind)`,
    );
    await runner.query(`DROP TABLE rescorings`);
  }
}
