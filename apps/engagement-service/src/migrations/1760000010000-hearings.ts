import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which runs have taken an event is asked by the event too. */
export class Hearings1760000010000 implements MigrationInterface {
  name = 'Hearings1760000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX run_hearings_event ON run_hearings (event_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX run_hearings_event`);
  }
}
