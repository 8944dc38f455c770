import { Parser } from 'htmlparser2';
import { webAddress } from './address.js';
import { plainText } from './text.js';

/** What a page tells about itself to whoever shows a link to it (OpenGraph, Twitter, description). */
export interface PageCard {
  title: string;
  summary: string;
  image: string | null;
}

const MAX_OFFERED = 10;

/** The feeds a web page names as its own (`link rel=alternate`), absolute. */
export function feedsOffered(html: string, url: string | undefined): string[] {
  const offered = new Set<string>();
  eachTag(html, ({ name, attributes: { rel, type, href } }) => {
    const isFeed =
      name === 'link' && /\balternate\b/i.test(rel ?? '') && /(rss|atom|rdf|feed\+json)/i.test(type ?? '');
    const address = isFeed ? webAddress(href, url) : null;
    if (address && offered.size < MAX_OFFERED) offered.add(address);
  });
  return [...offered];
}

/** Reads the head of a page; what it does not say is empty. */
export function readPage(html: string, url: string): PageCard {
  const said = new Map<string, string>();
  eachTag(html, ({ name, attributes: { property, name: called, content } }) => {
    const key = (property ?? called ?? '').toLowerCase();
    if (name === 'meta' && content && !said.has(key)) said.set(key, content);
  });
  const first = (...keys: string[]): string => keys.map((key) => said.get(key)?.trim()).find(Boolean) ?? '';
  return {
    title: plainText(first('og:title', 'twitter:title'), 300),
    summary: plainText(first('og:description', 'twitter:description', 'description'), 400),
    image: webAddress(
      first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'),
      url,
    ),
  };
}

interface Tag {
  name: string;
  attributes: Record<string, string | undefined>;
}

/** Past the head nothing is said about the page itself. */
const MAX_TAGS = 2_000;

function eachTag(html: string, see: (tag: Tag) => void): void {
  let tags = 0;
  const parser: Parser = new Parser({
    onopentag: (name, attributes) => {
      see({ name, attributes });
      if (++tags >= MAX_TAGS || name === 'body') parser.pause();
    },
  });
  parser.end(html);
}
