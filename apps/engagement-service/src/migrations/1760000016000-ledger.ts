import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'earn', 'spend', 'hold', 'release', 'reverse', 'expire', 'adjust'`;

/** The ledger only grows, whoever tries otherwise; its checks, and appeals against held points. */
export class Ledger1760000016000 implements MigrationInterface {
  name = 'Ledger1760000016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger ADD CONSTRAINT ledger_kinds CHECK (kind IN (${KINDS}))`);
    await runner.query(`
      CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the ledger only grows: post an answering entry instead'; END $$`);
    await runner.query(`
      CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
      FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows()`);
    await runner.query(`
      CREATE TABLE ledger_jobs (
        id uuid PRIMARY KEY, job text NOT NULL CHECK (job IN ('verification', 'rebuild', 'expiry')), night date,
        state text NOT NULL CHECK (state IN ('running', 'done')), cursor uuid, people int NOT NULL DEFAULT 0,
        differences int NOT NULL DEFAULT 0, cutoff timestamptz, started_at timestamptz NOT NULL, ended_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX ledger_jobs_night ON ledger_jobs (job, night)`);
    await runner.query(
      `CREATE INDEX ledger_jobs_running ON ledger_jobs (started_at) WHERE state = 'running'`,
    );
    await runner.query(`
      CREATE TABLE ledger_differences (
        job_id uuid NOT NULL REFERENCES ledger_jobs, person_id uuid, what text NOT NULL, kept bigint NOT NULL, summed bigint NOT NULL
      )`);
    await runner.query(`CREATE INDEX ledger_differences_job ON ledger_differences (job_id)`);
    await runner.query(
      `ALTER TABLE holds ADD activity_id uuid, ADD cause text, ADD appeal text, ADD appealed_at timestamptz`,
    );
    await runner.query(`CREATE INDEX holds_state ON holds (state, held_at)`);
    await runner.query(`CREATE INDEX holds_entry ON holds (entry_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX holds_state, holds_entry`);
    await runner.query(`ALTER TABLE holds DROP activity_id, DROP cause, DROP appeal, DROP appealed_at`);
    await runner.query(`DROP TABLE ledger_differences, ledger_jobs`);
    await runner.query(`DROP TRIGGER ledger_only_grows ON ledger`);
    await runner.query(`DROP FUNCTION ledger_only_grows()`);
    await runner.query(`ALTER TABLE ledger DROP CONSTRAINT ledger_kinds`);
  }
}
