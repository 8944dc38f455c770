import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days and weeks in a row, what freezes them, and the levels people have reached. */
export class Streaks1760000018000 implements MigrationInterface {
  name = 'Streaks1760000018000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE streak_runs (
        person_id uuid NOT NULL, streak text NOT NULL, first_unit date NOT NULL, last_unit date NOT NULL, length int NOT NULL,
        PRIMARY KEY (person_id, streak, last_unit)
      )`);
    // What the runs of a streak were made by; while the cursor is there, those behind it are still to be made.
    await runner.query(
      `CREATE TABLE streak_definitions (streak text PRIMARY KEY, definition jsonb NOT NULL, cursor uuid)`,
    );
    await runner.query(`
      CREATE TABLE leave (
        id uuid PRIMARY KEY, person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
        from_day date NOT NULL, to_day date NOT NULL CHECK (to_day >= from_day)
      )`);
    await runner.query(`CREATE INDEX leave_person ON leave (person_id, from_day)`);
    await runner.query(`
      CREATE TABLE streak_excuses (
        id uuid PRIMARY KEY, person_id uuid NOT NULL, streak text NOT NULL, from_day date NOT NULL, to_day date NOT NULL,
        reason text NOT NULL, at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX streak_excuses_person ON streak_excuses (person_id, streak)`);
    await runner.query(`
      CREATE TABLE person_levels (
        person_id uuid NOT NULL, level text NOT NULL, reached_at timestamptz NOT NULL, PRIMARY KEY (person_id, level)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE person_levels, streak_excuses, leave, streak_definitions, streak_runs`);
  }
}
