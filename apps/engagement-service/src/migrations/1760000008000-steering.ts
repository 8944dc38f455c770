import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is stopped, what is held meanwhile, and the ways to find runs that an admin looks for. */
export class Steering1760000008000 implements MigrationInterface {
  name = 'Steering1760000008000';

  async up(runner: QueryRunner): Promise<void> {
    // The scope is a workflow, or '*' for the whole programme. A scope that is resuming is closed until what was held has been taken.
    await runner.query(`
      CREATE TABLE stops (
        scope text PRIMARY KEY, state text NOT NULL CHECK (state IN ('stopped', 'resuming')), reason text NOT NULL,
        stopped_by text NOT NULL, at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE SEQUENCE stop_revisions`);
    await runner.query(`
      CREATE TABLE held_events (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, scope text NOT NULL, event_id uuid NOT NULL, type text NOT NULL,
        data jsonb NOT NULL, occurred_at timestamptz NOT NULL, failure text, UNIQUE (scope, event_id)
      )`);
    await runner.query(`CREATE INDEX held_events_order ON held_events (scope, seq) WHERE failure IS NULL`);
    // Both are of rare rows. Living runs are found by runs_living_person, ended ones by workflow or person.
    await runner.query(`CREATE INDEX runs_failed ON runs (triggered_at, id) WHERE status = 'failed'`);
    await runner.query(`CREATE INDEX runs_paused ON runs (workflow_id) WHERE paused`);
    // The live stream reads on from a number; always appended at the right end, which is cheap.
    await runner.query(`CREATE INDEX run_turns_by_seq ON run_turns (seq)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX run_turns_by_seq, runs_paused, runs_failed`);
    await runner.query(`DROP TABLE held_events, stops`);
    await runner.query(`DROP SEQUENCE stop_revisions`);
  }
}
