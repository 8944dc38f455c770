import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalAddress, plainText, readFeed } from './index.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rss = (items: string): Uint8Array =>
  bytes(
    `<rss version="2.0"><channel><title>News</title><link>https://news.example/</link>${items}</channel></rss>`,
  );

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

  it('leaves out what has no web address', () => {
    const reading = readFeed(rss('<item><title>Bad</title><link>javascript:alert(1)</link></item>'));
    expect(reading).toMatchObject({ ok: true, items: [] });
  });

  it('reads Latin-1 bytes without a declaration', () => {
    const latin = Buffer.from(
      '<rss version="2.0"><channel><title>Not\xedcias</title></channel></rss>',
      'latin1',
    );
    expect(readFeed(latin)).toMatchObject({ ok: true, title: 'Notícias' });
  });

  it('says why something is no feed', () => {
    expect(readFeed(bytes('<html><body>hello</body></html>'))).toMatchObject({ ok: false });
  });

  it('knows one article by one address', () => {
    expect(canonicalAddress('http://www.a.example/x/?utm_source=rss&b=2&a=1#top')).toBe(
      'https://a.example/x/?a=1&b=2',
    );
  });

  it('shortens long texts with an ellipsis, and never cuts a character in two', () => {
    expect(plainText('one two three', 8)).toBe('one two…');
    expect(plainText(`${'a'.repeat(6)}😀😀`, 8)).toBe('aaaaaa…');
  });
});

const folder = join(process.cwd(), '../shared/data/feeds');
const real = existsSync(folder) ? readdirSync(folder) : [];
if (real.length === 0) console.warn(`Real feeds are skipped: ${folder} is not here.`);

describe('the real feeds beside the project, where they are', () => {
  it('all have articles with titles and addresses', () => {
    for (const file of real) {
      const reading = readFeed(readFileSync(join(folder, file)), 'https://feed.example/');
      const items = reading.ok ? reading.items : [];
      expect({ file, some: items.length > 5 }).toEqual({ file, some: true });
      for (const item of items) expect(item.title + item.summary).not.toMatch(/<\w+|\ufffd/);
    }
  });
});
