import { webAddress } from './address.js';
import { instantOf } from './date.js';
import type { Field, Fields } from './markup.js';
import { fieldsAt, textAt } from './pick.js';
import { plainText } from './text.js';

/** One article of a feed; texts are plain, addresses absolute http(s). `publishedAt` is ISO or null. */
export interface FeedItem {
  /** What the feed knows it by: guid, id, else address, else title; unique only within its feed. */
  id: string;
  /** Its own, else the beginning of its summary, else its address; empty when it has none of these. */
  title: string;
  /** Null when it has no safe one. */
  url: string | null;
  summary: string;
  publishedAt: string | null;
  author: string | null;
  image: string | null;
}

/** What the formats found of an article, texts still HTML. */
export interface Found {
  id: string | undefined;
  title: string | undefined;
  url: string | null;
  body: string;
  date: string | undefined;
  author: string | undefined;
  image: string | null;
}

const TITLE = 300;

/** Makes a found article safe: plain texts within limits, a title for one without. */
export function itemOf({ id, title, url, body, date, author, image }: Found): FeedItem {
  const summary = plainText(body, 400);
  const heading = plainText(title ?? '', TITLE) || plainText(summary, 80) || (url ?? '').slice(0, TITLE);
  return {
    id: identity(id) || url || identity(heading) || 'untitled',
    title: heading,
    url,
    summary,
    publishedAt: instantOf(date),
    author: plainText(author ?? '', 100) || null,
    image,
  };
}

// Ids are shown to people and to programs: nothing that a browser would run, no markup.
const identity = (id = ''): string =>
  /^\s*(javascript|data|vbscript):/i.test(id)
    ? ''
    : id
        .slice(0, 500)
        .replace(/[\p{Cc}\p{Cs}<>"]/gu, '')
        .trim();

/** What an `item` or `entry` of RSS, RDF, Atom or CDF says; addresses in it start from `base` unless it has its own. */
export function itemOfMarkup(fields: Fields, base: string | undefined): FeedItem {
  const body = textAt(fields, 'description', 'summary', 'content:encoded', 'content', ...BODIES) ?? '';
  const html = textAt(fields, 'content:encoded', 'content', 'description', 'summary') ?? '';
  return itemOf({
    id: textAt(fields, 'guid', 'id', 'dc:identifier') ?? fields.get('')![0]!.attributes['rdf:about'],
    title: textAt(fields, 'title', 'media:title', 'dc:title', 'itunes:title'),
    url: addressOf(fields, base),
    body,
    date: textAt(fields, ...DATES),
    author: textAt(fields, ...AUTHORS),
    image: pictureOf(fields, html, base),
  });
}

const BODIES = [
  'abstract',
  'media:description',
  'itunes:summary',
  'itunes:subtitle',
  'dc:description',
  'dcterms:abstract',
  'body',
  'fullitem',
  'xhtml:body',
];
const DATES = [
  'pubdate',
  'published',
  'issued',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'created',
  'updated',
  'modified',
  'dcterms:modified',
  'date',
];
const AUTHORS = [
  'author/name',
  'author',
  'dc:creator',
  'itunes:author',
  'dc:author',
  'media:credit',
  'author/email',
  'contributor/name',
  'dc:contributor',
];

/** The article itself: FeedBurner's original, the link, a guid that is one, what it is about, its recording. */
function addressOf(fields: Fields, base: string | undefined): string | null {
  const own = fields.get('')![0]!;
  const texts = (...names: string[]): Candidate[] =>
    fieldsAt(fields, ...names).map((field) => [field.text, field]);
  const attribute = (name: string, ...places: string[]): Candidate[] =>
    fieldsAt(fields, ...places).map((field) => [field.attributes[name], field]);
  const candidates: Candidate[] = [
    ...texts('feedburner:origlink'),
    ...linked(fields),
    ...texts('guid', 'id').filter(
      ([text, { attributes }]) => ABSOLUTE.test(text ?? '') && attributes['ispermalink'] !== 'false',
    ),
    [own.attributes['href'], own],
    [own.attributes['rdf:about'], own],
    ...attribute('src', 'content'),
    ...attribute('href', 'a'),
    ...attribute('url', 'media:player', 'enclosure', 'media:content'),
    ...attribute('href', 'link'),
    ...texts('guid', 'comments').filter(([text]) => ABSOLUTE.test(text ?? '')),
  ];
  return firstAddress(candidates, base);
}

type Candidate = readonly [string | undefined, Field];
const ABSOLUTE = /^\s*https?:\/\//i;

/** Atom says which of several links is the article; RSS has it as text. */
function linked(fields: Fields): Candidate[] {
  const links = fieldsAt(fields, 'link');
  const alternates = links.filter(
    ({ attributes: { href, rel } }) =>
      href !== undefined && (rel === undefined || rel.trim() === '' || rel.toLowerCase() === 'alternate'),
  );
  const html = alternates.filter(({ attributes: { type } }) => type === undefined || type.includes('html'));
  return [
    ...links.map((field): Candidate => [field.text, field]),
    ...[...html, ...alternates].map((field): Candidate => [field.attributes['href'], field]),
  ];
}

function firstAddress(candidates: readonly Candidate[], base: string | undefined): string | null {
  for (const [text, field] of candidates) {
    const address = webAddress(text, field.base ?? base);
    if (address) return address;
  }
  return null;
}

const isPicture = ({ attributes: { medium, type, url, href } }: Field): boolean =>
  medium === 'image' ||
  (type?.startsWith('image/') ?? false) ||
  (medium === undefined &&
    type === undefined &&
    /\.(jpe?g|png|gif|webp|avif)(\?|$)/i.test(url ?? href ?? ''));

/** A picture that is given as one, else the first within the text. */
function pictureOf(fields: Fields, html: string, base: string | undefined): string | null {
  const from = (name: string, field: Field): Candidate => [field.attributes[name], field];
  const own = fields.get('')![0]!;
  return firstAddress(
    [
      ...fieldsAt(fields, 'itunes:image').map((field) => from('href', field)),
      ...fieldsAt(fields, 'media:content', 'enclosure')
        .filter(isPicture)
        .map((field) => from('url', field)),
      ...fieldsAt(fields, 'media:thumbnail', 'media:content/media:thumbnail').map((field) =>
        from('url', field),
      ),
      ...fieldsAt(fields, 'link')
        .filter(isPicture)
        .map((field) => from('href', field)),
      ...fieldsAt(fields, 'image/url', 'image', 'media:thumbnail').map((field): Candidate => [
        field.text,
        field,
      ]),
      ...fieldsAt(fields, 'image').map((field) => from('href', field)),
      ...[...fields].flatMap(([path, found]) =>
        path.endsWith('/img') ? found.map((field) => from('src', field)) : [],
      ),
      [firstImage(html), own],
    ],
    base,
  );
}

/** An `img` of HTML, as far as attributes can be told apart without parsing all of it. */
export const firstImage = (html: string): string | undefined =>
  /<img\s[^<>]{0,1000}?src\s{0,9}=\s{0,9}["']([^"'<>]{1,2000})["']/i
    .exec(html.slice(0, 100_000))?.[1]
    ?.replaceAll('&amp;', '&');
