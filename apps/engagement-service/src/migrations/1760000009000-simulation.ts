import type { MigrationInterface, QueryRunner } from 'typeorm';

/** History is read in order of time, page by page. */
export class Simulation1760000009000 implements MigrationInterface {
  name = 'Simulation1760000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX activities_time ON activities (occurred_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX activities_time`);
  }
}
