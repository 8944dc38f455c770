import { describe, expect, it } from '@jest/globals';
import { rss, useFeedStage } from './feed-stage.support.js';
import type { FeedStage } from './feed-stage.support.js';

let stage: FeedStage;
useFeedStage((begun) => (stage = begun), { CONTENT_UNFURL: 'true' });

const importOf = async (path: string, item: string): Promise<void> => {
  // The article stands on the web server of the test, by a name that people outside could follow.
  stage.serve(
    `/feed${path}`,
    rss([`<title>At ${path}</title><link>https://articles.test${path}</link>${item}`]),
  );
  await stage.importNow(await stage.add(`/feed${path}`));
  await stage.service.query(`UPDATE unfurls SET tries = 0, url = replace(url, 'https://articles.test', $1)`, [
    `http://${stage.host}`,
  ]);
  await stage.service.moveTo(later());
};
let minutes = 0;
const later = (): string => new Date(Date.UTC(2026, 2, 3, 8, (minutes += 90))).toISOString();
const postAt = async (path: string) =>
  (await stage.service.call('GET', '/content/posts?limit=500')).body.find(
    ({ title }: { title: string }) => title === `At ${path}`,
  );
const page = (head: string): string => `<html><head>${head}</head><body>${'x'.repeat(600_000)}</body></html>`;

describe('an article without picture and summary', () => {
  it('gets them from its page, as plain text and a public address', async () => {
    stage.serve(
      '/card',
      page(
        '<meta property="og:description" content="What it &lt;b&gt;says&lt;/b&gt;"><meta property="og:image" content="https://img.test/1.png">',
      ),
    );
    await importOf('/card', '');
    expect(await postAt('/card')).toMatchObject({
      summary: 'What it says',
      imageUrl: 'https://img.test/1.png',
    });
  });

  it('keeps what its feed has said', async () => {
    stage.serve(
      '/own',
      page(
        '<meta name="description" content="Other"><meta property="og:image" content="http://10.0.0.1/x.png">',
      ),
    );
    await importOf('/own', '<description>Own words</description>');
    expect(await postAt('/own')).toMatchObject({ summary: 'Own words', imageUrl: null });
  });

  it('is left as it is by a page that does not answer, after a second try', async () => {
    let asked = 0;
    stage.serve('/dead', (_request, response) => {
      asked++;
      response.writeHead(500).end();
    });
    await importOf('/dead', '');
    for (let i = 0; i < 3; i++) await stage.service.moveTo(later());
    expect([(await postAt('/dead')).summary, asked]).toEqual(['', 2]);
    expect(await stage.service.query(`SELECT * FROM unfurls`)).toEqual([]);
  });
});
