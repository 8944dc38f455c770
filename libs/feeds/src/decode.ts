import iconv from 'iconv-lite';

/** As many bytes as may stand before the end of an XML declaration, with some junk before it. */
const HEAD_BYTES = 1_024;

/**
 * The text of a feed. What stands in the bytes is believed before what is written about them: a byte order mark, the pattern of
 * UTF-16 and UTF-32, valid UTF-8; then the declaration, then the charset of the HTTP header. Never throws.
 */
export function decodeFeed(bytes: Uint8Array, charset?: string): string {
  const wide = byteOrderMark(bytes) ?? wideWithoutMark(bytes);
  if (wide) return decodeAs(bytes, wide) ?? '';
  const declared = declaredEncoding(bytes) ?? charset?.toLowerCase();
  if (declared && SEVEN_BIT.test(declared)) return decodeAs(bytes, declared) ?? lossyUtf8(bytes);
  return (
    strictly(bytes, 'utf-8') ??
    (declared && !UNICODE.test(declared) ? decodeAs(bytes, declared) : undefined) ??
    (mostlyUtf8(bytes) ? lossyUtf8(bytes) : viaIconv(bytes, 'windows-1252'))
  );
}

/** The text of a web page: as of a feed, but the charset of the HTTP header goes before that of a `meta`, as in browsers. */
export const decodePage = (bytes: Uint8Array, charset?: string): string =>
  decodeFeed(bytes, charset ?? META.exec(headOf(bytes))?.[1]);

const META = /<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)/i;

// They look like ASCII, so that they would pass for UTF-8.
const SEVEN_BIT = /^(iso-2022|csiso2022|hz|utf-?7|unicode-1-1-utf-7)/;
// A declaration that could be read as ASCII does not stand in UTF-16; and what is not valid UTF-8 is not helped by being called so.
const UNICODE = /^(utf|ucs|iso-10646|unicode)/;

const MARKS: readonly [string, readonly number[]][] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const PATTERNS: readonly [string, (bytes: Uint8Array) => boolean][] = [
  ['utf-32be', ([a, b, c, d]) => a === 0 && b === 0 && c === 0 && d !== 0],
  ['utf-32le', ([a, b, c, d]) => a !== 0 && b === 0 && c === 0 && d === 0],
  ['utf-16be', ([a, b, c, d]) => a === 0 && b !== 0 && c === 0 && d !== 0],
  ['utf-16le', ([a, b, c, d]) => a !== 0 && b === 0 && c !== 0 && d === 0],
];

const byteOrderMark = (bytes: Uint8Array): string | undefined =>
  MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];

/** Markup begins with ASCII characters, whose other bytes are zero in the wide encodings. */
const wideWithoutMark = (bytes: Uint8Array): string | undefined =>
  bytes.length >= 4 ? PATTERNS.find(([, fits]) => fits(bytes))?.[0] : undefined;

const DECLARATION = /<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([\w.:-]+)/i;

const headOf = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));

const declaredEncoding = (bytes: Uint8Array): string | undefined =>
  DECLARATION.exec(headOf(bytes))?.[1]?.toLowerCase();

// Browsers read these as Windows-1252, whose decoder of Node 20 takes its quotation marks for control characters.
const LATIN = /^(windows-1252|cp1252|x-cp1252|iso-?8859-?1|latin-?1|l1|(us-)?ascii|ansi_x3\.4-1968)$/;

/** What browsers decode, else what iconv does (UTF-32, UTF-7, DOS code pages); undefined for a name nobody knows. */
function decodeAs(bytes: Uint8Array, label: string): string | undefined {
  if (LATIN.test(label)) return viaIconv(bytes, 'windows-1252');
  return strictly(bytes, label, false) ?? (iconv.encodingExists(label) ? viaIconv(bytes, label) : undefined);
}

const viaIconv = (bytes: Uint8Array, label: string): string =>
  iconv.decode(bytes as Parameters<typeof iconv.decode>[0], label);

function strictly(bytes: Uint8Array, label: string, fatal = true): string | undefined {
  try {
    return new TextDecoder(label, { fatal }).decode(bytes);
  } catch {
    // Not this encoding, or no encoding of that name: the next one is tried.
    return undefined;
  }
}

// The marks of replacement are no words of the feed.
const lossyUtf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replaceAll('\ufffd', '');

/** A broken byte or two (a cut, a stray quote of another encoding) does not make a UTF-8 feed a Latin one. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  const broken = text.split('\ufffd').length - 1;
  let sound = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) sound++;
  return sound - broken > broken;
}
