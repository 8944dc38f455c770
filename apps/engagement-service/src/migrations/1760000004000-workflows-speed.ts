import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Storage of the workflow engine for speed and for years.
 *
 * - A run is one row that is written as it stands after its first turn. Its event lies in it; what many share (a fan-out) lies once in
 *   `run_events`. Indexes exist for what lives, for the two lists of an admin, and for nothing else.
 * - A turn of a run is one row of `run_turns` with its lines, by month of domain time: a month is dropped whole when its time has come.
 *   `run_log` shows the lines one by one. A clock that jumps writes into the default partition until the month's own stands.
 * - `intents` is one table on purpose: a key must be unique for ever, and PostgreSQL keeps uniqueness within a partition only. Keys begin
 *   with the root run, byte by byte, so that the intents of a root are a range of the key and go with their run.
 */
export class WorkflowsSpeed1760000004000 implements MigrationInterface {
  name = 'WorkflowsSpeed1760000004000';

  async up(runner: QueryRunner): Promise<void> {
    await alterRuns(runner);
    await createTurns(runner);
    await runner.query(`DROP INDEX intents_root`);
    await runner.query(
      `ALTER TABLE intents ALTER COLUMN intent_key TYPE text COLLATE "C", ALTER COLUMN person_id DROP NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM intents WHERE person_id IS NULL`);
    await runner.query(
      `ALTER TABLE intents ALTER COLUMN intent_key TYPE text COLLATE "default", ALTER COLUMN person_id SET NOT NULL`,
    );
    await runner.query(`CREATE INDEX intents_root ON intents (root_id)`);
    await runner.query(`
      CREATE TABLE old_log (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run_id text NOT NULL, root_id text NOT NULL,
        at timestamptz NOT NULL, step_id text, kind text NOT NULL, outcome text NOT NULL, reason text NOT NULL,
        input jsonb, output jsonb
      )`);
    await runner.query(
      `INSERT INTO old_log (run_id, root_id, at, step_id, kind, outcome, reason, input, output)
       SELECT run_id, root_id, at, step_id, kind, outcome, reason, input, output FROM run_log ORDER BY seq, line`,
    );
    await runner.query(`DROP VIEW run_log`);
    await runner.query(`DROP TABLE run_turns`);
    await runner.query(`ALTER TABLE old_log RENAME TO run_log`);
    await runner.query(`CREATE INDEX run_log_root ON run_log (root_id, seq)`);
    await restoreRuns(runner);
  }
}

const LIVING = `status IN ('new', 'waiting', 'expanding', 'queued')`;

async function alterRuns(runner: QueryRunner): Promise<void> {
  await runner.query(`ALTER TABLE run_events RENAME COLUMN root_id TO id`);
  await runner.query(`
    ALTER TABLE runs ADD event jsonb, ADD event_of text, ADD await_event text, ADD await_on text,
      ADD wait_since timestamptz, ADD attempts int NOT NULL DEFAULT 0, ADD paused boolean NOT NULL DEFAULT false`);
  await runner.query(`UPDATE runs SET event_of = root_id`);
  await runner.query(`DROP INDEX runs_living_key, runs_living_person, runs_person, runs_due`);
  await runner.query(`CREATE INDEX runs_living_person ON runs (person_id, workflow_id) WHERE ${LIVING}`);
  await runner.query(`CREATE INDEX runs_person ON runs (person_id, triggered_at)`);
  await runner.query(`CREATE INDEX runs_due ON runs (due_at) WHERE status = 'waiting' AND NOT paused`);
  await runner.query(
    `CREATE INDEX runs_queued ON runs (workflow_id, key, triggered_at) WHERE status = 'queued'`,
  );
  await runner.query(
    `CREATE INDEX runs_awaiting ON runs (await_event, await_on) WHERE await_event IS NOT NULL AND ${LIVING}`,
  );
}

async function createTurns(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE SEQUENCE run_turns_seq`);
  await runner.query(`
    CREATE TABLE run_turns (
      seq bigint NOT NULL DEFAULT nextval('run_turns_seq'), run_id text NOT NULL, root_id text NOT NULL,
      at timestamptz NOT NULL, lines json NOT NULL
    ) PARTITION BY RANGE (at)`);
  await runner.query(`ALTER SEQUENCE run_turns_seq OWNED BY run_turns.seq`);
  await runner.query(`CREATE INDEX run_turns_root ON run_turns (root_id)`);
  await runner.query(`CREATE TABLE run_turns_default PARTITION OF run_turns DEFAULT`);
  await runner.query(
    `INSERT INTO run_turns (run_id, root_id, at, lines)
     SELECT run_id, root_id, at, json_build_array(json_build_object('stepId', step_id, 'kind', kind, 'outcome', outcome,
       'reason', reason, 'input', input, 'output', output)) FROM run_log ORDER BY seq`,
  );
  await runner.query(`DROP TABLE run_log`);
  await runner.query(`
    CREATE VIEW run_log AS
    SELECT seq, ordinality AS line, run_id, root_id, at, value->>'stepId' AS step_id, value->>'kind' AS kind,
      value->>'outcome' AS outcome, value->>'reason' AS reason, value->'input' AS input, value->'output' AS output
    FROM run_turns CROSS JOIN LATERAL json_array_elements(lines) WITH ORDINALITY`);
}

async function restoreRuns(runner: QueryRunner): Promise<void> {
  await runner.query(
    `INSERT INTO run_events (id, event) SELECT id, event FROM runs WHERE event IS NOT NULL ON CONFLICT DO NOTHING`,
  );
  await runner.query(`ALTER TABLE run_events RENAME COLUMN id TO root_id`);
  await runner.query(`DROP INDEX runs_living_person, runs_person, runs_due, runs_queued, runs_awaiting`);
  await runner.query(
    `ALTER TABLE runs DROP event, DROP event_of, DROP await_event, DROP await_on, DROP wait_since,
       DROP attempts, DROP paused`,
  );
  const living = `WHERE status IN ('new', 'waiting', 'expanding')`;
  await runner.query(`CREATE INDEX runs_living_key ON runs (workflow_id, key) ${living}`);
  await runner.query(`CREATE INDEX runs_living_person ON runs (workflow_id, person_id) ${living}`);
  await runner.query(`CREATE INDEX runs_person ON runs (person_id, started_at)`);
  await runner.query(`CREATE INDEX runs_due ON runs (due_at) WHERE status = 'waiting'`);
}
