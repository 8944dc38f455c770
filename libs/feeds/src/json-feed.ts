import { webAddress } from './address.js';
import { firstImage, itemOf } from './item.js';
import type { FeedItem } from './item.js';

type Json = Record<string, unknown>;

const MAX_ITEMS = 50_000;
const MAX_DEPTH = 1_000;

/** A JSON Feed 1 or 1.1, as far as it is one; undefined when it is not. */
export function readJsonFeed(
  text: string,
  feedUrl: string | undefined,
): { title: string; items: FeedItem[] } | undefined {
  const feed = parsed(text) ?? parsed(mended(text));
  if (!isObject(feed) || !Array.isArray(feed['items'])) return undefined;
  const base =
    webAddress(string(feed['home_page_url']), feedUrl) ??
    webAddress(string(feed['feed_url']), feedUrl) ??
    feedUrl;
  const items = feed['items'].slice(0, MAX_ITEMS).filter(isObject);
  return { title: string(feed['title']) ?? '', items: items.map((item) => itemOfJson(item, base)) };
}

function itemOfJson(item: Json, base: string | undefined): FeedItem {
  const html = string(item['content_html']) ?? '';
  const address = (name: string): string | null => webAddress(string(item[name]), base);
  const id = string(item['id']);
  return itemOf({
    id,
    title: string(item['title']),
    url: address('url') ?? address('external_url') ?? (/^https?:/i.test(id ?? '') ? address('id') : null),
    body: string(item['summary']) || string(item['content_text']) || html,
    date: string(item['date_published']) ?? string(item['date_modified']),
    author: authorOf(item),
    image: address('image') ?? address('banner_image') ?? webAddress(firstImage(html), base),
  });
}

/** Version 1.1 has several, version 1 one. */
function authorOf(item: Json): string | undefined {
  const authors: unknown = item['authors'];
  const first: unknown = Array.isArray(authors) ? authors[0] : item['author'];
  return isObject(first) ? string(first['name']) : string(first);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const string = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON as it stands; the caller tries what is left of it.
    return undefined;
  }
}

/** A feed that was cut off, up to the end of its last complete article; or one with something behind its end. */
function mended(text: string): string {
  const open: string[] = [];
  let inString = false;
  let article = -1;
  for (let at = 0; at < text.length && open.length < MAX_DEPTH; at++) {
    const character = text[at]!;
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') open.push(character);
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return text.slice(0, at + 1);
      if (open.length === 2 && open[1] === '[') article = at + 1;
    }
  }
  return article < 0 ? '' : `${text.slice(0, article)}]}`;
}
