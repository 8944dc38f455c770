import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalAddress, readFeed } from './index.js';
import type { FeedItem } from './index.js';
import { samples } from './samples.support.js';
import { plainText } from './text.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rss = (items: string): Uint8Array =>
  bytes(
    `<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>${items}</channel></rss>`,
  );
const itemsOf = (feed: Uint8Array | string, url?: string): FeedItem[] => {
  const reading = readFeed(typeof feed === 'string' ? bytes(feed) : feed, { url });
  return reading.ok ? reading.items : [];
};

describe('reading a feed', () => {
  it('gives plain texts and absolute addresses', () => {
    const reading = readFeed(
      rss(
        '<item><title>A &lt;b&gt;bold&lt;/b&gt; move</title><link>/a</link><description><![CDATA[<p>Hi <script>x()</script>&amp; bye</p>]]></description></item>',
      ),
    );
    expect(reading).toMatchObject({
      ok: true,
      title: 'News',
      items: [{ title: 'A bold move', url: 'https://news.example/a', summary: 'Hi & bye' }],
    });
  });

  it.each(Object.entries(samples))(
    'finds all articles of %s, and gives each a title or an address',
    (_format, text) => {
      const items = itemsOf(text, 'https://feed.example/');
      expect(items).toHaveLength(3);
      for (const { id, title, url } of items) expect([id, title, title || url]).not.toContain('');
      expect(items.map(({ title }) => title)[0]).toMatch(/^(First|A bold move)/);
    },
  );

  it('takes date, author, picture and address from whatever names a format has for them', () => {
    const [rdf] = itemsOf(samples['RSS 1.0']!);
    const [first, podcast] = itemsOf(samples['RSS 2.0']!);
    const [atom, elsewhere] = itemsOf(samples['Atom 1.0']!);
    expect(rdf).toMatchObject({ author: 'Ada', publishedAt: '2026-01-02T02:04:00.000Z', summary: 'Hello' });
    expect(first).toMatchObject({
      id: 'g1',
      url: 'http://two.example/1',
      image: 'http://two.example/1.jpg',
      publishedAt: '2026-02-03T15:00:00.000Z',
    });
    expect(podcast).toMatchObject({ url: 'http://two.example/2', image: 'http://two.example/2.png' });
    expect(atom).toMatchObject({
      url: 'http://four.example/blog/1',
      image: 'http://four.example/blog/pic.png',
      summary: 'Hello',
      author: 'Ada',
    });
    expect(elsewhere).toMatchObject({ title: 'Second', url: 'http://other.example/2' });
  });

  it('keeps an article without a web address, and says it has none', () => {
    expect(itemsOf(rss('<item><title>Bad</title><link>javascript:alert(1)</link></item>'))).toMatchObject([
      { title: 'Bad', url: null },
    ]);
  });

  it('calls an article without a title by the beginning of its words', () => {
    const words = 'one two three '.repeat(20);
    const [item] = itemsOf(rss(`<item><description>${words}</description></item>`));
    expect(item!.title).toMatch(/^one two .*…$/);
    expect(item!.title.length).toBeLessThanOrEqual(80);
  });

  it('hears how often a feed wants to be looked at', () => {
    const every = (name: string): unknown => readFeed(bytes(samples[name]!));
    expect([every('RSS 2.0'), every('RSS 1.0'), every('Atom 1.0')]).toMatchObject([
      { everyMinutes: 90 },
      { everyMinutes: 720 },
      { everyMinutes: null },
    ]);
  });
});

describe('what is no feed', () => {
  it.each([
    ['a page', '<!doctype html><html><body>hello</body></html>', /is a web page, not a feed/],
    ['nothing', ' \n', /is empty/],
    ['other JSON', '{"data": []}', /no list of items/],
    ['a picture', '\u0089PNG\r\n\u001a\n', /is no feed/],
  ])('says so of %s', (_what, text, error) => {
    expect(readFeed(bytes(text))).toMatchObject({ ok: false, error: expect.stringMatching(error) });
  });

  it('names the feeds that a page offers', () => {
    const page =
      '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>';
    expect(readFeed(bytes(page), { url: 'https://blog.example/about' })).toMatchObject({
      error: 'is a web page, not a feed; it offers https://blog.example/feed.xml',
      offered: ['https://blog.example/feed.xml'],
    });
  });
});

describe('one article', () => {
  it('has one address in whatever guise', () => {
    expect(canonicalAddress('http://www.a.example/x/?utm_source=rss&b=2&a=1#top')).toBe(
      'https://a.example/x/?a=1&b=2',
    );
  });
});

it('shortens long texts with an ellipsis, and never cuts a character in two', () => {
  expect(plainText('one two three', 8)).toBe('one two…');
  expect(plainText(`${'a'.repeat(6)}😀😀`, 8)).toBe('aaaaaa…');
});

const folder = join(process.cwd(), '../shared/data/feeds');
const real = existsSync(folder) ? readdirSync(folder) : [];
if (real.length === 0) console.warn(`Real feeds are skipped: ${folder} is not here.`);

describe('the real feeds beside the project, where they are', () => {
  it('all have articles with titles and addresses', () => {
    for (const file of real) {
      const items = itemsOf(readFileSync(join(folder, file)), 'https://feed.example/');
      expect({ file, some: items.length > 5 }).toEqual({ file, some: true });
      for (const item of items) {
        expect(item.title + item.summary).not.toMatch(/<\w+|\ufffd/);
        expect(item.url).toMatch(/^https?:/);
      }
    }
  });
});
