import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Badges with tiers, badges only the first one gets, and badges counted backwards. */
export class Badges1760000019000 implements MigrationInterface {
  name = 'Badges1760000019000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE badge_awards ADD tier text NOT NULL DEFAULT ''`);
    await runner.query(
      `ALTER TABLE badge_awards DROP CONSTRAINT badge_awards_badge_person_id_period_key_key`,
    );
    await runner.query(
      `ALTER TABLE badge_awards ADD CONSTRAINT badge_awards_once UNIQUE (badge, person_id, period_key, tier)`,
    );
    await runner.query(`
      CREATE TABLE badge_firsts (
        badge text NOT NULL, scope text NOT NULL, period_key text NOT NULL, person_id uuid NOT NULL,
        PRIMARY KEY (badge, scope, period_key)
      )`);
    await runner.query(`
      CREATE TABLE badge_backfills (
        id uuid PRIMARY KEY, badge text NOT NULL, definition jsonb NOT NULL, state text NOT NULL CHECK (state IN ('running', 'done')),
        cursor uuid, awards int NOT NULL DEFAULT 0, ordered_at timestamptz NOT NULL, ended_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX badge_backfills_running ON badge_backfills (badge) WHERE state = 'running'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE badge_backfills, badge_firsts`);
    // Of several tiers the lowest stays.
    await runner.query(
      `DELETE FROM badge_awards a USING badge_awards b WHERE a.badge = b.badge AND a.person_id = b.person_id
         AND a.period_key = b.period_key AND (a.earned_at, a.id) > (b.earned_at, b.id)`,
    );
    await runner.query(`ALTER TABLE badge_awards DROP CONSTRAINT badge_awards_once, DROP tier`);
    await runner.query(
      `ALTER TABLE badge_awards ADD CONSTRAINT badge_awards_badge_person_id_period_key_key UNIQUE (badge, person_id, period_key)`,
    );
  }
}
