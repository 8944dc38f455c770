import { webAddress } from './address.js';
import { decodeFeed } from './decode.js';
import { itemOfMarkup } from './item.js';
import type { FeedItem } from './item.js';
import { readJsonFeed } from './json-feed.js';
import { readMarkup } from './markup.js';
import type { Fields } from './markup.js';
import { feedsOffered } from './page.js';
import { fieldsAt, textAt } from './pick.js';
import { rhythmOf, skipHoursOf } from './rhythm.js';
import { plainText } from './text.js';

/** What is known of the bytes besides the bytes: where they came from, and the charset of the HTTP header. */
export interface Origin {
  url?: string | undefined;
  charset?: string | undefined;
}

/**
 * A feed with its articles as found, or why there is none. `everyMinutes` is how often the feed asks to be looked at, `skipHours` when
 * not (hours in GMT); `offered` are the feeds that a web page names as its own.
 */
export type FeedReading =
  | { ok: true; title: string; items: FeedItem[]; everyMinutes: number | null; skipHours: number[] }
  | { ok: false; error: string; offered: string[] };

/** Reads RSS, RDF, Atom, CDF or JSON Feed in whatever encoding, well-formed or not. Never throws; time and memory are linear. */
export function readFeed(bytes: Uint8Array, origin: Origin = {}): FeedReading {
  const text = decodeFeed(bytes, origin.charset);
  if (/^[\s\ufeff]*\{/.test(text)) return readJson(text, origin.url);
  const raw = readMarkup(text, origin.url);
  if (!raw.isFeed) return failure(text, raw.isPage, origin.url);
  const base = homeOf(raw.channel, origin.url);
  return {
    ok: true,
    title: plainText(textAt(raw.channel, 'title', 'dc:title', 'media:title') ?? '', 200),
    items: raw.items.map((item) => itemOfMarkup(item, base)),
    everyMinutes: rhythmOf(raw.channel),
    skipHours: skipHoursOf(raw.channel),
  };
}

function readJson(text: string, url: string | undefined): FeedReading {
  const feed = readJsonFeed(text, url);
  if (!feed) return { ok: false, error: 'is JSON, but no JSON Feed: it has no list of items', offered: [] };
  return {
    ok: true,
    title: plainText(feed.title, 200),
    items: feed.items,
    everyMinutes: null,
    skipHours: [],
  };
}

/** Links of articles start from the site; of several links the feed's own address is not it. */
function homeOf(channel: Fields, feedUrl: string | undefined): string | undefined {
  for (const { text, attributes, base } of fieldsAt(channel, 'link')) {
    const address = ['self', 'hub', 'next', 'prev'].includes(attributes['rel'] ?? '')
      ? undefined
      : text.trim() || attributes['href'];
    const home = webAddress(address, base ?? feedUrl);
    if (home) return home;
  }
  return feedUrl;
}

function failure(text: string, isPage: boolean, url: string | undefined): FeedReading {
  if (text.trim() === '') return { ok: false, error: 'is empty', offered: [] };
  const offered = feedsOffered(text, url);
  if (!isPage && offered.length === 0)
    return { ok: false, error: 'is no feed: neither RSS, RDF, Atom nor JSON Feed', offered };
  const names = offered.length > 0 ? `; it offers ${offered.join(', ')}` : ', and it names no feed';
  return { ok: false, error: `is a web page, not a feed${names}`, offered };
}
