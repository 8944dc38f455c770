import { Parser } from 'htmlparser2';

/** Longer than the longest text that is kept, however much of it is markup. */
const MAX_HTML = 100_000;
const SILENT = new Set([
  'script',
  'style',
  'textarea',
  'noscript',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
]);
const INLINE = new Set([
  'a',
  'b',
  'i',
  'u',
  'em',
  'strong',
  'span',
  'font',
  'code',
  'sup',
  'sub',
  'small',
  'wbr',
  'abbr',
]);
/** Text that was escaped more often than this is not unwrapped to its end. */
const MAX_WRAPPINGS = 4;
/** So many times the wanted length is read, white space and all. */
const ENOUGH = 20;
/** Deeper than people nest; a parser's work grows with the depth. */
const MAX_DEPTH = 100;

/**
 * HTML as one line of plain text: no tags (escaped ones neither), no control or direction-changing characters, entities resolved,
 * at most `max` characters with an ellipsis.
 */
export function plainText(html: string, max: number): string {
  let text = html.slice(0, MAX_HTML);
  for (let wrapping = 0; wrapping < MAX_WRAPPINGS && /[<&]/.test(text); wrapping++) {
    const inner = textOf(text, ENOUGH * max);
    if (inner === text) break;
    text = inner;
  }
  return shorten(oneLine(text), max);
}

/** What a reader of this markup would see, as far as it is wanted. */
function textOf(html: string, enough: number): string {
  let text = '';
  let depth = 0;
  let silent = 0;
  const parser: Parser = new Parser({
    onopentagname: (name) => {
      if (SILENT.has(name)) silent++;
      if (!INLINE.has(name)) text += ' ';
      if (++depth > MAX_DEPTH) parser.pause();
    },
    ontext: (data) => {
      if (silent === 0) text += data;
      if (text.length > enough) parser.pause();
    },
    onclosetag: (name) => {
      if (SILENT.has(name)) silent--;
      if (!INLINE.has(name)) text += ' ';
      depth--;
    },
  });
  parser.end(html);
  return text;
}

// Bidirectional overrides and invisible marks let a text look like another one.
const DECEIVING = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\u00ad]/g;
// What still looks like a tag after the unwrapping, such as half of one at the end.
const TAG_LIKE = /<(?=[a-z!/?])/gi;

// Half of a surrogate pair, as cutting an emoji in two leaves it, can be stored nowhere.
const LONE_SURROGATES = /\p{Cs}/gu;

const oneLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(DECEIVING, '')
    .replace(LONE_SURROGATES, '')
    .replace(TAG_LIKE, '‹')
    .trim();

const shorten = (text: string, max: number): string =>
  (text.length <= max ? text : `${text.slice(0, max - 1).trimEnd()}…`).replace(LONE_SURROGATES, '');
