import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What metrics come to for single objects (a post, a link), for the badges that ask about objects. */
export class Objects1760000012000 implements MigrationInterface {
  name = 'Objects1760000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE metric_objects (
        person_id uuid NOT NULL, metric text NOT NULL, "of" text NOT NULL, object_id text NOT NULL, value double precision NOT NULL,
        PRIMARY KEY (person_id, metric, "of", object_id)
      )`);
    await runner.query(`CREATE INDEX badge_awards_badge ON badge_awards (badge, earned_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX badge_awards_badge`);
    await runner.query(`DROP TABLE metric_objects`);
  }
}
