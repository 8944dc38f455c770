import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tells when a row has served its time, and the ways to find such rows. */
export class Mends1760000011000 implements MigrationInterface {
  name = 'Mends1760000011000';

  async up(runner: QueryRunner): Promise<void> {
    // A shared event stays as long as a run points to it.
    await runner.query(`CREATE INDEX runs_event_of ON runs (event_of) WHERE event_of IS NOT NULL`);
    await runner.query(`CREATE INDEX calls_done ON calls (created_at) WHERE state = 'done'`);
    await runner.query(`ALTER TABLE survey_asks ADD asked_at timestamptz NOT NULL DEFAULT now()`);
    await runner.query(`CREATE INDEX survey_asks_at ON survey_asks (asked_at)`);
    // From then on the places given before hold nobody back.
    await runner.query(`ALTER TABLE throttles ADD free_at timestamptz`);
    await runner.query(`UPDATE throttles SET free_at = last_at + interval '13 months'`);
    await runner.query(`CREATE INDEX throttles_free ON throttles (free_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX runs_event_of, calls_done`);
    await runner.query(`ALTER TABLE survey_asks DROP asked_at`);
    await runner.query(`ALTER TABLE throttles DROP free_at`);
  }
}
