import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What counts on boards: neither what is spent on rewards nor what expires, so that nobody loses a place by either. */
const COUNTS = `rule NOT LIKE 'reward:%' AND kind <> 'expire'`;

/** Boards of every kind, whose rankings are kept in memory: changes are told by the tables themselves, snapshots never change. */
export class Boards1760000021000 implements MigrationInterface {
  name = 'Boards1760000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS ledger_scores`);
    await runner.query(
      `CREATE INDEX ledger_scores ON ledger (occurred_at) INCLUDE (person_id, points) WHERE ${COUNTS}`,
    );
    await this.moments(runner);
    await this.changes(runner);
    await this.snapshots(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER board_closings_stay ON board_closings`);
    await runner.query(`DROP TRIGGER board_places_stay ON board_places`);
    await runner.query(`DROP TABLE board_places`);
    await runner.query(`
      CREATE TABLE board_places (
        closing_id uuid NOT NULL REFERENCES board_closings, person_id uuid NOT NULL,
        rank int NOT NULL, score bigint NOT NULL, reached_at timestamptz NOT NULL, PRIMARY KEY (closing_id, person_id)
      )`);
    await runner.query(`DROP TRIGGER people_tell_scores_new ON people`);
    await runner.query(`DROP TRIGGER people_tell_scores ON people`);
    await runner.query(`DROP TRIGGER ledger_tell_scores ON ledger`);
    await runner.query(`DROP FUNCTION stays_as_it_is, tell_new_people, tell_moved_people, tell_points`);
    await runner.query(`DROP TABLE score_changes, metric_moments`);
    await runner.query(`DROP INDEX ledger_scores`);
    await runner.query(
      `CREATE INDEX ledger_scores ON ledger (occurred_at) INCLUDE (person_id, points) WHERE rule NOT LIKE 'reward:%'`,
    );
  }

  /** When a metric of a board last moved on a day: who reached a score first. */
  private async moments(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE metric_moments (
        metric text NOT NULL, person_id uuid NOT NULL, day date NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (person_id, metric, day)
      ) WITH (fillfactor = 85)`);
  }

  /**
   * One row for each batch, written in its transaction: what replicas follow. Statement triggers, so that no way into the ledger
   * (holds, reversals, adjustments) can forget to tell. `at_real` is real time: rows only live an hour.
   */
  private async changes(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE score_changes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), metric text,
        person_ids uuid[] NOT NULL, amounts float8[] NOT NULL, ats timestamptz[] NOT NULL, days date[],
        at_real timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query(`CREATE INDEX score_changes_xid ON score_changes (xid)`);
    await runner.query(`
      CREATE FUNCTION tell_points() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO score_changes (metric, person_ids, amounts, ats)
        SELECT 'points', array_agg(person_id), array_agg(points::float8), array_agg(occurred_at) FROM posted
        WHERE ${COUNTS} HAVING count(*) > 0;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER ledger_tell_scores AFTER INSERT ON ledger
      REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION tell_points()`);
    await this.peopleChanges(runner);
  }

  /** Who joins, moves or wants to be seen otherwise changes boards of groups and what is shown; metric is null. */
  private async peopleChanges(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION tell_new_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO score_changes (person_ids, amounts, ats) SELECT array_agg(id), '{}', '{}' FROM added HAVING count(*) > 0;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION tell_moved_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO score_changes (person_ids, amounts, ats)
        SELECT array_agg(a.id), '{}', '{}' FROM before b JOIN after a USING (id)
        WHERE (a.team, a.department, a.location, a.locale, a.zone, a.seniority, a.lead_id, a.joined_on, a.active, a.consents_ranking,
            a.consents_mail)
          IS DISTINCT FROM (b.team, b.department, b.location, b.locale, b.zone, b.seniority, b.lead_id, b.joined_on, b.active,
            b.consents_ranking, b.consents_mail)
        HAVING count(*) > 0;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER people_tell_scores_new AFTER INSERT ON people
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_new_people()`);
    await runner.query(`CREATE TRIGGER people_tell_scores AFTER UPDATE ON people
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION tell_moved_people()`);
  }

  /** Places of people and of groups; `place` is the order, equals included. What is closed stays as it is. */
  private async snapshots(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE board_places ADD COLUMN subject text, ADD COLUMN place int, ADD COLUMN members int,
        ALTER COLUMN score TYPE double precision`);
    await runner.query(`
      UPDATE board_places SET subject = board_places.person_id, place = numbered.place FROM (
        SELECT closing_id, person_id, row_number() OVER (PARTITION BY closing_id ORDER BY rank, reached_at, person_id) AS place
        FROM board_places
      ) numbered WHERE numbered.closing_id = board_places.closing_id AND numbered.person_id = board_places.person_id`);
    await runner.query(`ALTER TABLE board_places DROP CONSTRAINT board_places_pkey`);
    await runner.query(`
      ALTER TABLE board_places ALTER COLUMN person_id DROP NOT NULL, ALTER COLUMN subject SET NOT NULL,
        ALTER COLUMN place SET NOT NULL, ADD PRIMARY KEY (closing_id, subject)`);
    await runner.query(`CREATE INDEX board_places_order ON board_places (closing_id, place)`);
    await runner.query(`CREATE INDEX board_places_subject ON board_places (subject)`);
    await runner.query(`
      CREATE FUNCTION stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'what is closed stays as it is (%)', TG_TABLE_NAME;
      END $$`);
    for (const table of ['board_closings', 'board_places'])
      await runner.query(`CREATE TRIGGER ${table}_stay BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION stays_as_it_is()`);
  }
}
