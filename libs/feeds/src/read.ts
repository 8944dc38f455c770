import { parseFeed } from 'feedsmith';
import { decodeFeed } from './decode.js';
import { plainText, webAddress } from './text.js';

/** One article of a feed; texts are plain, addresses absolute http(s). `publishedAt` is ISO or null. */
export interface FeedItem {
  id: string;
  title: string;
  url: string;
  summary: string;
  publishedAt: string | null;
  author: string | null;
  image: string | null;
}

export type FeedReading = { ok: true; title: string; items: FeedItem[] } | { ok: false; error: string };

/** The union of what the formats call things; feedsmith gives each format its own shape. */
interface Loose {
  title?: string | { value?: string };
  link?: string;
  url?: string;
  links?: { href?: string; rel?: string }[];
  home_page_url?: string;
  id?: string;
  guid?: string | { value?: string };
  description?: string | { value?: string };
  summary?: string | { value?: string };
  content?: string | { value?: string; encoded?: string };
  content_html?: string;
  content_text?: string;
  pubDate?: string;
  published?: string;
  updated?: string;
  date_published?: string;
  dc?: { creators?: string[]; creator?: string; date?: string; dates?: string[] };
  authors?: (string | { name?: string })[];
  image?: string | { url?: string };
  media?: { thumbnails?: { url?: string }[]; contents?: { url?: string; type?: string; medium?: string }[] };
  enclosures?: { url?: string; type?: string }[];
  items?: Loose[];
  entries?: Loose[];
}

/** Reads RSS, RDF, Atom or JSON Feed in whatever encoding. Articles without an address or a title are left out. */
export function readFeed(bytes: Uint8Array, feedUrl?: string): FeedReading {
  try {
    const feed = parseFeed(decodeFeed(bytes).trimStart()).feed as Loose;
    const base = webAddress(linkOf(feed), feedUrl) ?? feedUrl;
    const items = (feed.items ?? feed.entries ?? []).flatMap((item) => itemOf(item, base) ?? []);
    return { ok: true, title: plainText(textOf(feed.title), 200), items };
  } catch (error) {
    return { ok: false, error: `this is no feed we can read: ${(error as Error).message}` };
  }
}

function itemOf(item: Loose, base: string | undefined): FeedItem | null {
  const url = webAddress(linkOf(item) ?? permalink(item), base);
  const title = plainText(textOf(item.title), 300);
  if (!url || !title) return null;
  const body =
    textOf(item.description) ||
    textOf(item.summary) ||
    textOf(item.content) ||
    item.content_html ||
    item.content_text ||
    '';
  return {
    id: textOf(item.guid) || item.id || url,
    title,
    url,
    summary: plainText(body, 400),
    publishedAt: dateOf(item),
    author: plainText(authorOf(item), 100) || null,
    image: webAddress(imageOf(item) ?? firstImage(`${textOf(item.content)}${body}`), base),
  };
}

const textOf = (value: string | { value?: string; encoded?: string } | undefined): string =>
  typeof value === 'string' ? value : (value?.encoded ?? value?.value ?? '');

function linkOf(item: Loose): string | undefined {
  if (item.link ?? item.url ?? item.home_page_url) return item.link ?? item.url ?? item.home_page_url;
  return (item.links?.find(({ rel }) => rel === undefined || rel === 'alternate') ?? item.links?.[0])?.href;
}

const permalink = (item: Loose): string | undefined =>
  /^https?:/.test(textOf(item.guid)) ? textOf(item.guid) : undefined;

function dateOf(item: Loose): string | null {
  const text =
    item.pubDate ??
    item.published ??
    item.date_published ??
    item.updated ??
    item.dc?.date ??
    item.dc?.dates?.[0];
  const instant = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(instant) ? null : new Date(instant).toISOString();
}

function authorOf(item: Loose): string {
  const first = item.authors?.[0];
  return (
    (typeof first === 'string' ? first : first?.name) ?? item.dc?.creators?.[0] ?? item.dc?.creator ?? ''
  );
}

function imageOf(item: Loose): string | undefined {
  const media = item.media?.contents?.find(
    ({ medium, type }) => medium === 'image' || type?.startsWith('image/'),
  );
  const enclosure = item.enclosures?.find(({ type }) => type?.startsWith('image/'));
  const own = typeof item.image === 'string' ? item.image : item.image?.url;
  return own ?? media?.url ?? item.media?.thumbnails?.[0]?.url ?? enclosure?.url;
}

const firstImage = (html: string): string | undefined => /<img[^>]+src\s*=\s*["']([^"']+)/i.exec(html)?.[1];
