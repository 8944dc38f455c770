/** Namespaces whose elements are the plain words of a feed, whatever prefix they are given; the ends of their addresses vary. */
const FEEDS =
  /purl\.org\/(rss\/|atom\/|echo|pie)|w3\.org\/2005\/atom|my\.netscape\.com\/rdf\/simple|backend\.userland\.com\/(rss|blogchannelmodule)|blogs\.law\.harvard\.edu\/tech\/rss|cyber\.law\.harvard\.edu\/rss|channel\.netscape\.com\/rdf|example\.com\/(newformat|necho)|uri\/of\/echo|rssboard\.org\/rss-specification/;
const KNOWN: readonly [RegExp, string][] = [
  [/purl\.org\/rss\/1\.0\/modules\/content/, 'content'],
  [/purl\.org\/rss\/1\.0\/modules\/syndication/, 'sy'],
  [/purl\.org\/rss\/1\.0\/modules\//, 'module'],
  [/purl\.org\/dc\/elements/, 'dc'],
  [/purl\.org\/dc\/terms/, 'dcterms'],
  [/search\.yahoo\.com\/mrss/, 'media'],
  [/podcast-1\.0\.dtd/, 'itunes'],
  [/rssnamespace\.org\/feedburner/, 'feedburner'],
  [/w3\.org\/1999\/02\/22-rdf-syntax/, 'rdf'],
  [/w3\.org\/1999\/xhtml/, 'xhtml'],
  [FEEDS, ''],
];
/** Prefixes that people write without declaring them. */
const UNDECLARED = new Map([
  ['rss', ''],
  ['atom', ''],
  ['atom10', ''],
  ['a10', ''],
  ['xhtml', 'xhtml'],
]);

/** Gives every element one name, whatever prefix a feed chose: `title`, `dc:creator`, `media:content`, in lower case. */
export class Names {
  private readonly prefixes = new Map(UNDECLARED);

  /** Takes note of the namespaces an element declares; as feeds are written, a prefix means one thing in all of a document. */
  declare(attributes: Readonly<Record<string, string>>): void {
    for (const name in attributes) {
      if (!name.startsWith('xmlns:')) continue;
      const address = attributes[name]!.trim().toLowerCase();
      const known = KNOWN.find(([pattern]) => pattern.test(address));
      if (known) this.prefixes.set(name.slice('xmlns:'.length), known[1]);
    }
  }

  /** The one name of an element as it is written. */
  of(written: string): string {
    const colon = written.indexOf(':');
    if (colon < 0) return written;
    const prefix = written.slice(0, colon);
    const known = this.prefixes.get(prefix) ?? prefix;
    const local = written.slice(colon + 1);
    return known === '' || known === 'xhtml' ? local : `${known}:${local}`;
  }
}
