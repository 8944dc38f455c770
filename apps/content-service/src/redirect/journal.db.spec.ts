import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { newId } from '#libs/platform';
import { until } from '../../../../test/support/service.js';
import { withSharing } from '../sharing/sharing.support.js';
import { ClickJournal } from './click-journal.js';

const content = withSharing();
const { shared, visit } = content;
const follow = (path: string): Promise<{ status: number }> =>
  content.service.call('GET', path, undefined, { key: null, headers: { 'user-agent': 'Firefox' } });
const clicksOf = async (shareId: string): Promise<number> =>
  (await content.service.query(`SELECT FROM clicks WHERE share_id = $1`, [shareId])).length;

const failWith = (code: string, times: number): Promise<unknown> =>
  content.service.query(`
    CREATE SEQUENCE IF NOT EXISTS tries;
    ALTER SEQUENCE tries RESTART;
    CREATE OR REPLACE FUNCTION fail_click() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= ${times} THEN RAISE 'not now' USING ERRCODE = '${code}'; END IF;
      RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER fail_click AFTER INSERT ON clicks FOR EACH STATEMENT EXECUTE FUNCTION fail_click()`);

describe('a click', () => {
  it('waits in the journal while the database fails, and is stored once when it works again', async () => {
    const { id, path } = await shared();
    await failWith('57P03', 2);
    expect((await follow(path)).status).toBe(302);
    await until('the click is stored', async () => (await clicksOf(id)) === 1);
    await content.service.quiet();
    expect(await clicksOf(id)).toBe(1);
  });

  it('keeps no visitor waiting while the database hangs', async () => {
    const { id, path } = await shared();
    await visit(path);
    const held = content.service.app.get(DataSource).createQueryRunner();
    await held.startTransaction();
    await held.query(`LOCK TABLE clicks IN ACCESS EXCLUSIVE MODE`);
    const begin = performance.now();
    expect((await follow(path)).status).toBe(302);
    expect(performance.now() - begin).toBeLessThan(1_000);
    await held.commitTransaction();
    await held.release();
    await until('the click is stored', async () => (await clicksOf(id)) === 2);
  });

  it('that comes from the journal a second time is neither stored nor told again', async () => {
    const { id: shareId } = await shared();
    const journal = content.service.app.get(ClickJournal);
    const click = {
      id: newId(),
      shareId,
      at: Date.parse('2026-03-02T08:00:00Z'),
      visitor: 'v'.repeat(22),
      reasons: [],
    };
    for (let time = 0; time < 3; time++) {
      await new Promise<void>((kept) => journal.append(click, kept));
      await content.service.quiet();
    }
    const told = (await content.told('link.clicked')).filter((data) => data['shareId'] === shareId);
    expect([await clicksOf(shareId), told]).toEqual([
      1,
      [expect.objectContaining({ clickId: click.id, credible: true })],
    ]);
  });

  it('of a share that nobody knows is passed over, and holds nothing up', async () => {
    const { id, path } = await shared();
    const journal = content.service.app.get(ClickJournal);
    journal.append(
      {
        id: newId(),
        shareId: newId(),
        at: Date.parse('2026-03-02T08:00:00Z'),
        visitor: 'v'.repeat(22),
        reasons: [],
      },
      () => undefined,
    );
    await visit(path);
    expect(await clicksOf(id)).toBe(1);
  });

  it('is stored although another process has taken the segment before it', async () => {
    const { id, path } = await shared();
    const journal = content.service.app.get(ClickJournal);
    const visitor = 'v'.repeat(22);
    journal.append({ id: newId(), shareId: id, at: 0, visitor, reasons: [] }, () => undefined);
    journal.seal();
    journal.ripe(0)!.drop();
    await visit(path);
    expect([await clicksOf(id), journal.waiting]).toEqual([1, 0]);
  });
});
