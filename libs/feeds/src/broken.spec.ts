import { describe, expect, it } from '@jest/globals';
import { readFeed } from './index.js';
import { samples } from './samples.support.js';

const read = (text: string): ReturnType<typeof readFeed> =>
  readFeed(new TextEncoder().encode(text), { url: 'https://feed.example/' });
const titlesOf = (text: string): string[] => {
  const reading = read(text);
  return reading.ok ? reading.items.map(({ title }) => title) : [];
};
const rss = samples['RSS 2.0']!;

describe('a feed that is not well-formed', () => {
  it.each([
    ['junk before it', `\n<br />\n<b>Warning</b>: foo() in /x.php on line 3<br />\n${rss}`],
    ['an undeclared entity', rss.replace('Podcast', 'Pod&nbsp;cast &copy;')],
    ['a bare ampersand', rss.replace('Podcast', 'Pod & cast AT&T')],
    ['HTML that nobody closes', rss.replace('</item>', '<description>a<br>b<p>c</description></item>')],
    ['a stray end', rss.replace('<item>', '</b><item>')],
    ['its end missing', rss.slice(0, -40)],
    ['an article that is never closed', rss.replace('</item>', '')],
    ['its beginning missing', rss.slice(rss.indexOf('<item>'))],
    [
      'capital letters',
      rss.replaceAll(/<(\/?)(\w+)/g, (_all, slash: string, name: string) => `<${slash}${name.toUpperCase()}`),
    ],
    ['prefixes that nobody declared', rss.replaceAll(/<(\/?)(item|title|rss|channel)\b/g, '<$1rss:$2')],
  ])('with %s gives its three articles all the same', (_what, text) => {
    expect(titlesOf(text)).toHaveLength(3);
  });

  it('of JSON that was cut off gives what was complete', () => {
    const json = samples['JSON Feed 1.1']!;
    expect(titlesOf(json.slice(0, -30))).toEqual(['First', 'Only words']);
    expect(titlesOf(`${json}<!-- cached -->`)).toHaveLength(3);
  });

  it('never expands an entity that expands into others', () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>${rss.replace('Podcast', '&b;&c;')}`;
    expect(titlesOf(bomb)[1]).toBe('&b;&c;');
  });
});

describe('nothing unsafe', () => {
  it.each([
    ['a script in a title', '<title>&lt;script&gt;alert(1)&lt;/script&gt;Hi</title>', { title: 'Hi' }],
    ['a tag that is escaped twice', '<title>&amp;lt;img onerror=x&amp;gt;Hi</title>', { title: 'Hi' }],
    ['half a tag', '<title>Hi &lt;img src=x onerror=alert(1)</title>', { title: 'Hi' }],
    ['a hidden tag', '<title>Hi &amp;lt;&#x200b;script</title>', { title: 'Hi ‹script' }],
    ['control and direction-changing characters', '<title>a&#7;b&#x202e;c</title>', { title: 'a bc' }],
    ['a script as an address', '<title>x</title><link> java&#10;script:alert(1)</link>', { url: null }],
    ['a script as an id', '<title>x</title><guid>javascript:alert(1)</guid>', { id: 'x' }],
    ['data as a picture', '<title>x</title><image>data:image/png;base64,AA</image>', { image: null }],
    [
      'credentials in an address',
      '<title>x</title><link>https://u:p@a.example/</link>',
      { url: 'https://a.example/' },
    ],
  ])('such as %s comes through', (_what, item, expected) => {
    expect(read(`<rss><channel><item>${item}</item></channel></rss>`)).toMatchObject({ items: [expected] });
  });
});
