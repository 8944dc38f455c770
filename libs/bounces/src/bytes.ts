import iconv from 'iconv-lite';

/** Bytes as a string of the same length, one character each. */
export const toLatin1 = (bytes: Uint8Array): string => iconv.decode(bytes as Buffer, 'latin1');

const toBytes = (latin1: string): Uint8Array =>
  Uint8Array.from(latin1, (character) => character.charCodeAt(0) & 0xff);

/** Undoes a Content-Transfer-Encoding; what is broken in it is left out. */
export function undoTransfer(body: string, encoding: string): string {
  if (encoding === 'base64') return fromBase64(body);
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body) : body;
}

const fromQuotedPrintable = (body: string): string =>
  body
    // Only what follows the sign may be blank (RFC 2045, 6.7): a pattern that began with blanks would look at a run of them again and again.
    .replaceAll(/=[ \t]*\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\r\n?/g, '\n');

function fromBase64(body: string): string {
  const clean = body.replaceAll(/[^a-z0-9+/]/gi, '');
  // One letter over is six bits of a byte that never came.
  const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  return atob(whole).replaceAll(/\r\n?/g, '\n');
}

/** Latin-1 held bytes as the text they are in `charset`; valid UTF-8 is believed first, unknown charsets are read as Windows-1252. */
export function decodeText(latin1: string, charset = ''): string {
  const label = charset.trim().toLowerCase();
  const bytes = toBytes(latin1);
  const seven = /^(iso-2022|csiso2022|hz|utf-?7)/.test(label) ? attempt(bytes, label, false) : undefined;
  const text = seven ?? attempt(bytes, 'utf-8', true) ?? attempt(bytes, label, false);
  return text ?? iconv.decode(bytes as Buffer, iconv.encodingExists(label) ? label : 'windows-1252');
}

function attempt(bytes: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    return label === '' ? undefined : new TextDecoder(label, { fatal }).decode(bytes);
  } catch {
    // Not this encoding, or none of that name: the next one is tried.
    return undefined;
  }
}
