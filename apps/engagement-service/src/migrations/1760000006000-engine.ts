import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the whole language of workflows needs beside its runs: what was heard, places under limits, calls, watched audiences. */
export class Engine1760000006000 implements MigrationInterface {
  name = 'Engine1760000006000';

  async up(runner: QueryRunner): Promise<void> {
    await createHearing(runner);
    await createDoing(runner);
    await createWatching(runner);
    await runner.query(`ALTER TABLE people ADD paused_until timestamptz, ADD paused_told_at timestamptz`);
    await runner.query(`ALTER TABLE badge_awards ADD revoked_at timestamptz, ADD revoked_reason text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM badge_awards WHERE revoked_at IS NOT NULL`);
    await runner.query(`ALTER TABLE badge_awards DROP revoked_at, DROP revoked_reason`);
    await runner.query(`ALTER TABLE people DROP paused_until, DROP paused_told_at`);
    await runner.query(
      `DROP TABLE metric_periods, audience_checks, audience_members, audience_triggers, calls, survey_asks, throttles,
         deferred_events, listening_versions, run_hearings, heard_events`,
    );
  }
}

async function createHearing(runner: QueryRunner): Promise<void> {
  // Kept for minutes: a run that begins to wait while another replica has just taken the event finds it here.
  await runner.query(`
    CREATE TABLE heard_events (
      await_event text NOT NULL, await_on text NOT NULL, event_id uuid NOT NULL, type text NOT NULL, data jsonb NOT NULL,
      occurred_at timestamptz NOT NULL, heard_at timestamptz NOT NULL, PRIMARY KEY (await_event, await_on, event_id)
    )`);
  await runner.query(`CREATE INDEX heard_events_at ON heard_events (heard_at)`);
  await runner.query(`
    CREATE TABLE run_hearings (
      run_id text NOT NULL, event_id uuid NOT NULL, heard_at timestamptz NOT NULL, PRIMARY KEY (run_id, event_id)
    )`);
  await runner.query(`CREATE INDEX run_hearings_at ON run_hearings (heard_at)`);
  await runner.query(`
    CREATE TABLE listening_versions (
      workflow_id text NOT NULL, version int NOT NULL, PRIMARY KEY (workflow_id, version)
    )`);
  // What a paused run would have heard; it hears it when it is resumed.
  await runner.query(`
    CREATE TABLE deferred_events (
      run_id text NOT NULL, event_id uuid NOT NULL, await_event text NOT NULL, await_on text NOT NULL, type text NOT NULL,
      data jsonb NOT NULL, occurred_at timestamptz NOT NULL, PRIMARY KEY (run_id, event_id)
    )`);
}

async function createDoing(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE throttles (
      workflow_id text NOT NULL, step_id text NOT NULL, key text NOT NULL, places jsonb NOT NULL, last_at timestamptz,
      PRIMARY KEY (workflow_id, step_id, key)
    )`);
  // Which question belongs to which survey; who answered what stands nowhere in this service.
  await runner.query(`CREATE TABLE survey_asks (ask_id text PRIMARY KEY, survey text NOT NULL)`);
  await runner.query(`
    CREATE TABLE calls (
      intent_key text PRIMARY KEY, webhook_id text NOT NULL, run_id text NOT NULL, step_id text NOT NULL, url text NOT NULL,
      body jsonb NOT NULL, attempt int NOT NULL, state text NOT NULL CHECK (state IN ('open', 'done')),
      leased_until timestamptz, result jsonb, created_at timestamptz NOT NULL
    )`);
  await runner.query(`CREATE INDEX calls_open ON calls (created_at) WHERE state = 'open'`);
  await runner.query(`CREATE INDEX calls_run ON calls (run_id)`);
}

async function createWatching(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE audience_triggers (
      workflow_id text NOT NULL, trigger int NOT NULL, condition text NOT NULL, checked_at timestamptz,
      PRIMARY KEY (workflow_id, trigger)
    )`);
  await runner.query(`
    CREATE TABLE audience_members (
      workflow_id text NOT NULL, trigger int NOT NULL, person_id uuid NOT NULL,
      PRIMARY KEY (workflow_id, trigger, person_id)
    )`);
  await runner.query(`CREATE TABLE audience_checks (person_id uuid PRIMARY KEY)`);
  await runner.query(`
    CREATE TABLE metric_periods (
      metric text NOT NULL, per text NOT NULL, against text NOT NULL, period_key text NOT NULL, value double precision,
      expected double precision, checked_at timestamptz NOT NULL, PRIMARY KEY (metric, per, against, period_key)
    )`);
}
