import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workflow versions, runs and their timelines. A waiting run is its own timer: `due_at` is indexed. */
export class Workflows1760000003000 implements MigrationInterface {
  name = 'Workflows1760000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflow_versions (
        workflow_id text NOT NULL, version int NOT NULL, source text NOT NULL, definition jsonb NOT NULL,
        published_at timestamptz NOT NULL, PRIMARY KEY (workflow_id, version)
      )`);
    await runner.query(`
      CREATE TABLE workflows (
        id text PRIMARY KEY, active_version int NOT NULL, scheduled_until timestamptz NOT NULL
      )`);
    await runner.query(`CREATE TABLE run_events (root_id text PRIMARY KEY, event jsonb NOT NULL)`);
    await runner.query(`
      CREATE TABLE runs (
        id text PRIMARY KEY, workflow_id text NOT NULL, version int NOT NULL,
        root_id text NOT NULL, parent_id text, key text, person_id uuid,
        status text NOT NULL, step text, step_since timestamptz, verb text, due_at timestamptz,
        branch jsonb, vars jsonb NOT NULL, reason text,
        triggered_at timestamptz NOT NULL, started_at timestamptz, ended_at timestamptz
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX runs_alive ON runs (workflow_id, key)
      WHERE parent_id IS NULL AND key IS NOT NULL AND status IN ('new', 'waiting', 'expanding')`);
    const living = `WHERE status IN ('new', 'waiting', 'expanding')`;
    await runner.query(`CREATE INDEX runs_living_key ON runs (workflow_id, key) ${living}`);
    await runner.query(`CREATE INDEX runs_living_person ON runs (workflow_id, person_id) ${living}`);
    await runner.query(`CREATE INDEX runs_due ON runs (due_at) WHERE status = 'waiting'`);
    await runner.query(`CREATE INDEX runs_children ON runs (parent_id) WHERE parent_id IS NOT NULL`);
    await runner.query(`CREATE INDEX runs_person ON runs (person_id, started_at)`);
    await runner.query(`CREATE INDEX runs_workflow ON runs (workflow_id, triggered_at)`);
    await runner.query(`
      CREATE TABLE run_log (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run_id text NOT NULL, root_id text NOT NULL,
        at timestamptz NOT NULL, step_id text, kind text NOT NULL, outcome text NOT NULL, reason text NOT NULL,
        input jsonb, output jsonb
      )`);
    await runner.query(`CREATE INDEX run_log_root ON run_log (root_id, seq)`);
    await runner.query(`
      CREATE TABLE intents (
        intent_key text PRIMARY KEY, run_id text NOT NULL, root_id text NOT NULL, workflow_id text NOT NULL, step_id text NOT NULL,
        kind text NOT NULL, person_id uuid NOT NULL, what text NOT NULL, at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX intents_root ON intents (root_id)`);
    await runner.query(`
      CREATE TABLE stop_marks (
        workflow_id text NOT NULL, mark text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (workflow_id, mark)
      )`);
    await runner.query(`
      CREATE TABLE firings (
        workflow_id text NOT NULL, trigger int NOT NULL, zone text NOT NULL, nominal timestamptz NOT NULL,
        PRIMARY KEY (workflow_id, trigger, zone, nominal)
      )`);
    await runner.query(`
      CREATE TABLE expansions (
        id text PRIMARY KEY, workflow_id text NOT NULL, version int NOT NULL, state text NOT NULL,
        run_id text, step_id text, items jsonb, audience text, zone text,
        key text, event jsonb, triggered_at timestamptz NOT NULL,
        cursor uuid, seen int NOT NULL DEFAULT 0, matched int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL
      )`);
    await runner.query(
      `CREATE INDEX expansions_open ON expansions (state, created_at) WHERE state <> 'settled'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE expansions, firings, stop_marks, intents, run_log, runs, run_events, workflows, workflow_versions`,
    );
  }
}
