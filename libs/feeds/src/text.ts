import sanitizeHtml from 'sanitize-html';

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** HTML as one line of plain text: no tags or control characters, entities resolved, at most `max` characters with an ellipsis. */
export function plainText(html: string, max: number): string {
  const bare = sanitizeHtml(html, {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: ['script', 'style', 'textarea', 'noscript'],
  });
  const text = decodeEntities(bare)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return wellFormed(text.length <= max ? text : `${text.slice(0, max - 1).trimEnd()}…`);
}

// Half of a surrogate pair, as cutting an emoji in two leaves it, can be stored nowhere.
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '');

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : whole;
    },
  );
}

/** Longer ones are followed by few servers and indexed by no database. */
const MAX_ADDRESS = 2_000;

/** An absolute http(s) address, resolved against the feed's own; null for anything else. */
export function webAddress(address: string | undefined, base: string | undefined): string | null {
  if (!address) return null;
  const url = URL.canParse(address.trim(), base) ? new URL(address.trim(), base) : null;
  return url && ['http:', 'https:'].includes(url.protocol) && url.href.length <= MAX_ADDRESS
    ? url.href
    : null;
}

const TRACKING = /^(utm_\w+|fbclid|gclid|mc_[ce]id|wt_mc|source)$/i;

/** The address by which one article is known across feeds: no tracking parameters, fragment or `www.`; https. */
export function canonicalAddress(address: string): string {
  const url = new URL(address);
  const tracking = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  url.hash = '';
  url.protocol = 'https:';
  url.hostname = url.hostname.replace(/^www\./, '');
  url.searchParams.sort();
  return url.href.replace(/\/$/, '');
}
