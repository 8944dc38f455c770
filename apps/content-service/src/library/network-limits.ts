import type { networks } from '#libs/contracts';

type Network = (typeof networks)[number];

/** How a network counts: characters as JavaScript has them, as people see them, or by the weights of X. */
type Counting = 'units' | 'graphemes' | 'weighted';

interface Limit {
  /** Null: none that matters. */
  most: number | null;
  counting: Counting;
  /** What every web address counts, however long; null: its own length. */
  link: number | null;
}

/** What each network takes, as its own documentation said in autumn 2026. */
export const networkLimits: Readonly<Record<Network, Limit>> = {
  // learn.microsoft.com/linkedin: commentary of a post
  linkedin: { most: 3000, counting: 'units', link: null },
  // docs.x.com/resources/fundamentals/counting-characters
  x: { most: 280, counting: 'weighted', link: 23 },
  // facebook.com/help: the length of a status update
  facebook: { most: 63_206, counting: 'units', link: null },
  // faq.whatsapp.com: the length of a message
  whatsapp: { most: 65_536, counting: 'units', link: null },
  email: { most: null, counting: 'units', link: null },
  // docs.joinmastodon.org/user/posting: links count 23
  mastodon: { most: 500, counting: 'graphemes', link: 23 },
  // app.bsky.feed.post: maxGraphemes 300
  bluesky: { most: 300, counting: 'graphemes', link: null },
};

const LINKS = /https?:\/\/\S+/gu;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How long a text is on a network. */
export function lengthOn(network: Network, text: string): number {
  const { counting, link } = networkLimits[network];
  if (link === null) return COUNTS[counting](text);
  const links = text.match(LINKS)?.length ?? 0;
  return COUNTS[counting](text.replaceAll(LINKS, '')) + links * link;
}

/** Null when the text fits on the network, else the sentence that says by how much it does not. */
export function tooLong(network: Network, text: string): string | null {
  const { most, link } = networkLimits[network];
  const length = lengthOn(network, text);
  if (most === null || length <= most) return null;
  const links = link === null ? '' : ` (a link counts ${link})`;
  return `has ${length} characters where ${network} takes ${most}${links}; leave out ${length - most}`;
}

const COUNTS: Record<Counting, (text: string) => number> = {
  units: (text) => text.length,
  graphemes: (text) => [...segmenter.segment(text)].length,
  weighted: (text) =>
    [...segmenter.segment(text.normalize('NFC'))].reduce((sum, { segment }) => sum + weightOf(segment), 0),
};

/** Emoji count two however many characters they are made of; so does every character of far-eastern scripts. */
function weightOf(grapheme: string): number {
  if (/\p{Extended_Pictographic}/u.test(grapheme)) return 2;
  return Array.from(grapheme, (character) => (isLight(character.codePointAt(0)!) ? 1 : 2)).reduce(
    (sum: number, weight) => sum + weight,
    0,
  );
}

// The ranges of weight 100 of X's configuration v3.
const isLight = (point: number): boolean =>
  point <= 4351 ||
  (point >= 8192 && point <= 8205) ||
  (point >= 8208 && point <= 8223) ||
  (point >= 8242 && point <= 8247);
