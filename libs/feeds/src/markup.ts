import { webAddress } from './address.js';
import { Parser } from 'htmlparser2';
import { Names } from './names.js';

/** One element below a feed or an article: its attributes, its text with that of all elements in it, and the `xml:base` around it. */
export interface Field {
  attributes: Readonly<Record<string, string>>;
  text: string;
  base: string | undefined;
}

/** The elements of a feed or an article by their path (`author/name`), each in the order of the document. */
export type Fields = Map<string, Field[]>;

/** A document read as a feed: what it says of itself, and its articles as found. `isPage` when it is HTML. */
export interface RawFeed {
  isFeed: boolean;
  isPage: boolean;
  channel: Fields;
  items: Fields[];
}

interface Frame extends Field {
  name: string;
  /** Path below the feed or article; empty for these themselves. */
  path: string;
  fields: Fields | null;
}

/** An element deeper than this, an article past this number, and text past this length are hostile, not long. */
const MAX_DEPTH = 128;
const MAX_ITEMS = 50_000;
const MAX_FIELDS = 400;
const MAX_TEXT = 200_000;

const ROOTS = new Set(['rss', 'rdf:rdf', 'feed', 'channel']);
const ITEMS = new Set(['item', 'entry']);
const BODIES = new Set(['content', 'content:encoded', 'description', 'summary', 'source']);
const SILENT = new Set(['script', 'style']);
/** HTML that nobody closes; written into a feed unescaped it must not swallow what follows. */
const NEVER_CLOSED = new Set(['br', 'img', 'hr', 'wbr']);

class FeedParser extends Parser {
  /** Where the name of the last article stands. */
  private article: [start: number, end: number] | null = null;

  constructor(
    private readonly xml: string,
    private readonly builder: Builder,
  ) {
    super(
      {
        onopentag: (name, attributes) => {
          if (!builder.open(name, attributes)) this.pause();
        },
        ontext: (text) => builder.text(text),
        onclosetag: () => builder.close(),
      },
      { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
    );
  }

  /** An article that begins while another is open ends that one, or unclosed articles would be deeper and deeper in each other. */
  override onopentagname(start: number, end: number): void {
    if (this.builder.isArticle(this.xml.slice(start, end).toLowerCase())) {
      if (this.article && this.builder.inArticle) this.onclosetag(...this.article);
      this.article = [start, end];
    }
    super.onopentagname(start, end);
  }

  protected override isVoidElement(name: string): boolean {
    return NEVER_CLOSED.has(name);
  }
}

/**
 * Reads XML the way browsers read HTML: what is open is closed, what is stray is passed over, entities are never expanded, and the end
 * may be missing. Works in time and memory linear to the text.
 */
export function readMarkup(xml: string, url: string | undefined): RawFeed {
  const builder = new Builder(url);
  new FeedParser(xml, builder).end(xml);
  builder.finish();
  return builder.feed;
}

class Builder {
  readonly feed: RawFeed = { isFeed: false, isPage: false, channel: new Map(), items: [] };
  private readonly frames: Frame[] = [];
  private readonly names = new Names();
  private item: Fields | null = null;
  /** Where the article stands among the frames. */
  private itemAt = 0;
  private fieldsOfItem = 0;

  constructor(private readonly url: string | undefined) {}

  get inArticle(): boolean {
    return this.item !== null;
  }

  /** Whether an element of this name would begin an article here. */
  isArticle(written: string): boolean {
    return ITEMS.has(this.names.of(written)) && this.mayBegin();
  }

  /** Returns false when enough has been read. */
  open(written: string, attributes: Record<string, string>): boolean {
    this.names.declare(attributes);
    const name = this.names.of(written);
    const parent = this.frames.at(-1);
    const base = this.baseOf(attributes['xml:base'], parent?.base);
    const frame = { name, attributes, text: '', base, ...this.placeOf({ name, attributes, base }, parent) };
    this.frames.push(frame);
    return this.frames.length < MAX_DEPTH && this.feed.items.length < MAX_ITEMS;
  }

  private placeOf(
    { name, attributes, base }: Pick<Frame, 'name' | 'attributes' | 'base'>,
    parent: Frame | undefined,
  ): Pick<Frame, 'path' | 'fields'> {
    if (ROOTS.has(name) && !this.item) return this.root(name);
    if (name === 'html') this.feed.isPage ||= !this.feed.isFeed;
    if (ITEMS.has(name) && this.mayBegin()) return { path: '', fields: this.begin(attributes, base) };
    if (!parent?.fields) return { path: '', fields: null };
    return { path: parent.path ? `${parent.path}/${name}` : name, fields: parent.fields };
  }

  private root(name: string): Pick<Frame, 'path' | 'fields'> {
    this.feed.isFeed ||= name !== 'rdf:rdf';
    return { path: '', fields: this.feed.channel };
  }

  /** An article may begin although the last one was never closed, but not within a text. */
  private mayBegin(): boolean {
    if (this.feed.isPage && !this.feed.isFeed) return false;
    return this.item === null || !this.frames.some((frame, at) => at > this.itemAt && BODIES.has(frame.name));
  }

  private begin(attributes: Frame['attributes'], base: string | undefined): Fields {
    this.item = new Map([['', [{ attributes, text: '', base }]]]);
    this.itemAt = this.frames.length;
    this.fieldsOfItem = 0;
    this.feed.items.push(this.item);
    return this.item;
  }

  private baseOf(own: string | undefined, outer: string | undefined): string | undefined {
    // An address longer than any real one would be gone through again for every article.
    return own === undefined ? outer : (webAddress(own, outer ?? this.url) ?? outer);
  }

  text(text: string): void {
    const frame = this.frames.at(-1);
    if (frame?.fields && frame.text.length < MAX_TEXT) frame.text += text;
  }

  close(): void {
    const frame = this.frames.pop();
    if (!frame) return;
    const parent = this.frames.at(-1);
    if (
      parent?.path &&
      parent.fields === frame.fields &&
      !SILENT.has(frame.name) &&
      parent.text.length < MAX_TEXT
    )
      parent.text += `${frame.text} `;
    if (frame.path) this.keep(frame);
    else if (ITEMS.has(frame.name) && frame.fields === this.item) this.item = null;
  }

  private keep({ fields, path, attributes, text, base }: Frame): void {
    if (!fields || this.fieldsOfItem++ > MAX_FIELDS) return;
    const place = path.replaceAll('media:group/', '');
    const known = fields.get(place);
    if (known) known.push({ attributes, text, base });
    else fields.set(place, [{ attributes, text, base }]);
  }

  /** What a cut has left open counts as far as it came. */
  finish(): void {
    while (this.frames.length > 0) this.close();
    this.feed.isFeed ||= this.feed.items.length > 0;
  }
}
