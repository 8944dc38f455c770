import { describe, expect, it } from '@jest/globals';
import { article, rss, useFeedStage } from './feed-stage.support.js';
import type { FeedStage } from './feed-stage.support.js';

let stage: FeedStage;
useFeedStage((begun) => (stage = begun));

const titles = async (query = ''): Promise<string[]> =>
  (await stage.service.call('GET', `/content/posts?limit=500${query}`)).body.map(
    ({ title }: { title: string }) => title,
  );

describe('a feed', () => {
  it('from an allowed host is imported, each article once, and not asked in full again', async () => {
    const asked: (string | undefined)[] = [];
    stage.serve('/rss', (request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end();
      response
        .writeHead(200, { etag: '"v1"' })
        .end(
          rss([
            article('One', '1'),
            article('Two', '2'),
            '<title>One again</title><link>http://www.feed.test/1?utm_medium=rss</link>',
          ]),
        );
    });
    const id = await stage.add('/rss');
    expect(await stage.importNow(id)).toMatchObject({
      found: 3,
      added: 2,
      source: { lastError: null, failures: 0, etag: '"v1"' },
    });
    expect(await stage.importNow(id)).toMatchObject({ found: 0, added: 0, source: { lastError: null } });
    expect(asked).toEqual([undefined, '"v1"']);
  });

  it('with characters that no database holds is imported all the same', async () => {
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Odd',
      items: [
        {
          id: '1',
          url: 'https://odd.test/1',
          title: `${'a'.repeat(298)}😀😀 and more`,
          content_text: 'nul \0 inside',
        },
        { id: '2', url: `https://odd.test/${'long'.repeat(3e3)}`, title: 'An address nobody can store' },
        { id: '3', url: 'http://127.0.0.1/admin', title: 'An address nobody outside can follow' },
      ],
    };
    stage.serve('/odd', JSON.stringify(feed));
    const { found, added, source } = await stage.importNow(await stage.add('/odd'));
    expect([found, added, source['lastError']]).toEqual([3, 1, null]);
  });

  it('whose articles change their address but not their guid brings nothing twice', async () => {
    const entry = (path: string): string =>
      rss([article('Moved about', path, '<guid isPermaLink="false">g1</guid>')]);
    stage.serve('/guid', entry('old'));
    const id = await stage.add('/guid');
    expect((await stage.importNow(id)).added).toBe(1);
    stage.serve('/guid', entry('new'));
    expect(await stage.importNow(id)).toMatchObject({ found: 1, added: 0 });
  });

  it('that gives all its articles one guid still brings each of them', async () => {
    const guid = '<guid isPermaLink="false">same</guid>';
    stage.serve('/same', rss([article('First of them', 's1', guid), article('Second of them', 's2', guid)]));
    expect((await stage.importNow(await stage.add('/same'))).added).toBe(2);
  });

  it('that tells what another has told within a week brings nothing, and after that it does', async () => {
    stage.serve('/a', rss([article('Acme opens its new office in Milan', 'a1'), article('News', 'a2')]));
    stage.serve('/b', rss([article('Acme opens its new office in Milan!', 'b1'), article('News', 'b2')]));
    expect((await stage.importNow(await stage.add('/a'))).added).toBe(2);
    expect((await stage.importNow(await stage.add('/b'))).added).toBe(1);
    await stage.service.query(`UPDATE source_entries SET seen_at = seen_at - interval '8 days'`);
    stage.serve('/c', rss([article('Acme opens its new office in Milan', 'c1')]));
    expect((await stage.importNow(await stage.add('/c'))).added).toBe(1);
  });

  it('whose articles are to be reviewed publishes none of them', async () => {
    stage.serve('/review', rss([article('To be looked at', 'r1')]));
    await stage.importNow(await stage.add('/review', { to: 'review' }));
    expect(await titles()).not.toContain('To be looked at');
    expect(await titles('&status=review')).toEqual(['To be looked at']);
    expect((await stage.told('content.published')).map(({ title }) => title)).not.toContain(
      'To be looked at',
    );
  });

  it('is looked at on its own rhythm', async () => {
    stage.serve('/later', rss([article('Later', 'later')]));
    await stage.add('/later');
    await stage.service.moveTo('2026-03-02T14:00:00Z');
    expect(await titles()).toContain('Later');
  });
});

describe('a feed whose posts cannot be stored', () => {
  it('is put off, says so, and does not keep the feeds behind it waiting', async () => {
    await stage.service.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'this cannot be stored'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.title = 'Poison') EXECUTE FUNCTION refuse()`);
    stage.serve('/poison', rss([article('Poison', 'poison')]));
    stage.serve('/behind', rss([article('Behind it', 'behind')]));
    const ids = [
      await stage.add('/poison', { everyHours: 1 }),
      await stage.add('/behind', { everyHours: 1 }),
    ];
    await stage.service.moveTo('2026-03-02T15:30:00Z');
    const [poison, behind] = await Promise.all(
      ids.map(async (id) => (await stage.service.call('GET', `/content/sources/${id}`)).body),
    );
    expect(poison).toMatchObject({ failures: 1, lastError: expect.stringMatching(/^could not be stored/) });
    expect(behind).toMatchObject({ failures: 0, lastError: null });
    expect(await titles()).toContain('Behind it');
    await stage.service.query(`DROP TRIGGER refuse ON posts`);
  });
});
