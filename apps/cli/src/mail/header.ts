/** What a list needs of a mail, read from its first lines without parsing the rest. */
export interface MailHeaders {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly messageId: string;
  /** The Laurel template that made the mail; empty for other mails. */
  readonly template: string;
}

/** The bytes that `=C5=82` and the like stand for. */
export function decodeQ(text: string): Buffer {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

function decodeWord(charset: string, encoding: string, text: string): string {
  const bytes =
    encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : decodeQ(text.replaceAll('_', ' '));
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset nobody knows: the bytes are shown as they are.
    return bytes.toString('latin1');
  }
}

/** Decodes the `=?utf-8?Q?…?=` words of a header (RFC 2047); the space between two of them belongs to neither. */
export function decodeWords(value: string): string {
  const joined = value.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(
    /=\?([^?*]+)(?:\*[^?]*)?\?([BQ])\?([^?]*)\?=/gi,
    (_, charset: string, encoding: string, text: string) => decodeWord(charset, encoding, text),
  );
}

/** The header lines of a raw mail by lower-case name, unfolded; of a repeated one the first. */
export function readHeaderLines(raw: Buffer): Map<string, string> {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, end < 0 ? raw.length : end).toString('utf8');
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return new Map(pairs.reverse());
}

/** The headers a list shows, decoded; what a mail lacks is empty. */
export function readHeaders(raw: Buffer): MailHeaders {
  const lines = readHeaderLines(raw);
  const text = (name: string): string => decodeWords(lines.get(name) ?? '');
  return {
    subject: text('subject'),
    from: text('from'),
    to: text('to'),
    date: text('date'),
    messageId: text('message-id'),
    template: text('x-laurel-template'),
  };
}
