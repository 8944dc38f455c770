import type { MigrationInterface, QueryRunner } from 'typeorm';

/** States of shares, shares planned for later, the journal of clicks, visitors of a day, and the history of measured figures. */
export class Sharing1760000005000 implements MigrationInterface {
  name = 'Sharing1760000005000';

  async up(runner: QueryRunner): Promise<void> {
    await this.shares(runner);
    await this.clicks(runner);
    await this.measures(runner);
  }

  private async shares(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE shares
        ADD status text NOT NULL DEFAULT 'intended' CHECK (status IN ('intended', 'confirmed', 'withdrawn')),
        ADD confirmed_at timestamptz, ADD confirmed_by text CHECK (confirmed_by IN ('person', 'partner', 'click')),
        ADD withdrawn_at timestamptz, ADD link_ended_at timestamptz,
        ADD partner_id uuid, ADD external_id text, ADD post_url text, ADD idempotency_key text,
        ADD CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL))`);
    await runner.query(
      `CREATE UNIQUE INDEX shares_external ON shares (partner_id, external_id) WHERE external_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX shares_key ON shares (idempotency_key) WHERE idempotency_key IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX shares_again ON shares (post_id, person_id, network, shared_at)`);
    await runner.query(`CREATE INDEX shares_newest ON shares (shared_at DESC, id)`);
    await runner.query(`
      CREATE TABLE planned_shares (
        id uuid PRIMARY KEY, post_id uuid NOT NULL REFERENCES posts, person_id uuid NOT NULL, network text NOT NULL, caption text NOT NULL,
        due_at timestamptz NOT NULL, status text NOT NULL CHECK (status IN ('planned', 'due', 'shared', 'cancelled')),
        planned_at timestamptz NOT NULL, share_id uuid REFERENCES shares, CHECK ((status = 'shared') = (share_id IS NOT NULL))
      )`);
    await runner.query(`CREATE INDEX planned_shares_due ON planned_shares (due_at) WHERE status = 'planned'`);
    await runner.query(`CREATE INDEX planned_shares_person ON planned_shares (person_id, due_at)`);
  }

  private async clicks(runner: QueryRunner): Promise<void> {
    // Journals of clicks lie in folders of this name, so that no other database takes them in.
    await runner.query(
      `CREATE TABLE click_journal (one boolean PRIMARY KEY DEFAULT true CHECK (one), id uuid NOT NULL DEFAULT gen_random_uuid())`,
    );
    await runner.query(`INSERT INTO click_journal DEFAULT VALUES`);
    // Hashes of yesterday mean nothing today.
    await runner.query(`TRUNCATE click_visitors`);
    await runner.query(`ALTER TABLE click_visitors ADD click_id uuid NOT NULL, ADD at timestamptz NOT NULL`);
    await runner.query(`CREATE INDEX click_visitors_visitor ON click_visitors (visitor)`);
    await runner.query(`CREATE INDEX click_visitors_at ON click_visitors (at)`);
    await runner.query(`CREATE TABLE trapped_visitors (visitor text PRIMARY KEY, at timestamptz NOT NULL)`);
    await runner.query(`CREATE INDEX trapped_visitors_at ON trapped_visitors (at)`);
  }

  private async measures(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE share_reports (
        share_id uuid NOT NULL REFERENCES shares, measured_at timestamptz NOT NULL, reported_at timestamptz NOT NULL,
        impressions int NOT NULL, reactions int NOT NULL, comments int NOT NULL, reshares int NOT NULL, leads int NOT NULL, hires int NOT NULL,
        PRIMARY KEY (share_id, measured_at)
      )`);
    await runner.query(`
      INSERT INTO share_reports SELECT share_id, measured_at, measured_at, impressions, reactions, comments, reshares, leads, hires FROM share_measures`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE share_reports, trapped_visitors, click_journal, planned_shares`);
    await runner.query(`DROP INDEX click_visitors_visitor, click_visitors_at, shares_again, shares_newest`);
    await runner.query(`ALTER TABLE click_visitors DROP click_id, DROP at`);
    await runner.query(`
      ALTER TABLE shares DROP status, DROP confirmed_at, DROP confirmed_by, DROP withdrawn_at, DROP link_ended_at,
        DROP partner_id, DROP external_id, DROP post_url, DROP idempotency_key`);
  }
}
