import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { readFeed } from './index.js';
import { samples } from './samples.support.js';

const folder = join(process.cwd(), '../shared/data/feeds');
const real = existsSync(folder) ? readdirSync(folder).map((file) => readFileSync(join(folder, file))) : [];
const feeds = fc.constantFrom<Uint8Array>(
  ...Object.values(samples).map((text) => new TextEncoder().encode(text)),
  ...real.map((bytes) => bytes.subarray(0, 20_000)),
);

/** What must hold of any reading of any bytes. */
function expectSafe(bytes: Uint8Array, charset?: string): void {
  const reading = readFeed(bytes, { url: 'https://feed.example/', charset });
  if (!reading.ok) return expect(reading.error).toMatch(/^is /);
  for (const { id, title, url, summary, publishedAt, author, image } of reading.items) {
    for (const text of [reading.title, title, summary, author ?? ''])
      expect(text).not.toMatch(/<[a-z!/?]|[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/iu);
    expect(id).not.toMatch(/[<>\p{Cc}\p{Cs}]|^javascript:/iu);
    for (const address of [url, image]) expect(address ?? 'https://').toMatch(/^https?:\/\//);
    expect([title.length <= 300, summary.length <= 400, id.length <= 2_000]).toEqual([true, true, true]);
    if (publishedAt !== null) expect(new Date(publishedAt).toISOString()).toBe(publishedAt);
  }
}

describe('any feed, however broken, is read without an error and gives nothing unsafe', () => {
  it('cut off anywhere', () => {
    fc.assert(
      fc.property(feeds, fc.double({ min: 0, max: 1, noNaN: true }), (feed, part) =>
        expectSafe(feed.subarray(0, Math.floor(feed.length * part))),
      ),
    );
  });

  it('with bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(feeds, changes, (feed, changed) => {
        const bytes = Uint8Array.from(feed);
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
        expectSafe(bytes);
      }),
    );
  });

  it('with markup thrown into it', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '&',
      ']]>',
      '<![CDATA[',
      '<!--',
      '</item>',
      '<item>',
      '&lt;script&gt;',
      '&amp;lt;',
      '"',
      '<?',
      '<!DOCTYPE x [',
      'javascript:',
      '\0',
      '<a href="javascript:x">',
      '<br>',
      '&#0;',
      '&#xd800;',
    );
    fc.assert(
      fc.property(feeds, fc.array(fc.tuple(fc.nat(), pieces), { maxLength: 20 }), (feed, thrown) => {
        let text = new TextDecoder().decode(feed);
        for (const [at, piece] of thrown) {
          const place = at % text.length;
          text = text.slice(0, place) + piece + text.slice(place);
        }
        expectSafe(new TextEncoder().encode(text));
      }),
    );
  });

  it('with nothing to be called by but an address that is longer than a title may be', () => {
    const url = `https://feed.example/${'a'.repeat(1_000)}`;
    const feed = new TextEncoder().encode(`<rss><channel><item><link>${url}</link></item></channel></rss>`);
    expectSafe(feed);
    expect(readFeed(feed)).toMatchObject({ items: [{ url, title: url.slice(0, 300) }] });
  });

  it('in any encoding, told right or wrong', () => {
    const encodings = fc.constantFrom(
      'utf-16le',
      'utf-16be',
      'utf-32le',
      'shift_jis',
      'koi8-r',
      'gb18030',
      'utf-7',
      'iso-2022-jp',
      'no-such',
    );
    fc.assert(
      fc.property(feeds, encodings, encodings, (feed, real, told) => {
        const text = new TextDecoder()
          .decode(feed)
          .replace('version="1.0"', `version="1.0" encoding="${told}"`);
        expectSafe(iconv.encodingExists(real) ? iconv.encode(text, real) : feed, told);
      }),
    );
  });

  it('that is no feed at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => expectSafe(bytes)));
    fc.assert(fc.property(fc.json(), (text) => expectSafe(new TextEncoder().encode(text))));
    const item = fc.dictionary(
      fc.constantFrom('id', 'url', 'title', 'content_html', 'summary', 'authors', 'image', 'date_published'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(item), (items) => expectSafe(new TextEncoder().encode(JSON.stringify({ items })))),
    );
  });
});

describe('a feed made to take long', () => {
  it('of articles that are never closed gives all of them, in linear time', () => {
    expect(readFeed(Buffer.from('<rss><channel>' + '<item><title>x</title>'.repeat(300)))).toHaveProperty(
      'items.length',
      300,
    );
    const strays = '<item><title>x</title>'.repeat(40_000) + '</stray>'.repeat(400_000);
    expect(readFeed(Buffer.from('<rss><channel>' + strays))).toHaveProperty('items.length', 40_000);
  });

  it('stops at the depth and the number of articles that no feed has', () => {
    const open = '<rss><channel>';
    expect(readFeed(Buffer.from(open + '<item/>'.repeat(60_000)))).toHaveProperty('items.length', 50_000);
    expect(
      readFeed(Buffer.from(`${open}<item><title>x</title>${'<a>'.repeat(2e5)}</item><item/>`)),
    ).toHaveProperty('items.length', 1);
  });
});
