import libmime from 'libmime';
import { decodeText } from './bytes.js';

const MAX_HEAD = 128 * 1024;
const MAX_VALUE = 4_000;

/** Header fields by their names in lower case, unfolded, still as they came. */
export type Headers = ReadonlyMap<string, readonly string[]>;

const FIELD = /^([\x21-\x39\x3b-\x7e]{1,100})[ \t]{0,9}:(.*)$/;

/** Splits text into its header fields and what follows the first empty line. A line that is no field ends the head. */
export function splitHead(text: string): { headers: Headers; body: string } {
  const fields = new Map<string, string[]>();
  let last: string[] | undefined;
  let at = 0;
  while (at < text.length && at < MAX_HEAD) {
    const end = endOfLine(text, at);
    const line = text.slice(at, Math.min(end, at + MAX_VALUE));
    if (line.trim() === '') return { headers: fields, body: text.slice(end + 1) };
    const [, name, value] = FIELD.exec(line) ?? [];
    if (/^[ \t]/.test(line) && last) last.push(`${last.pop()!} ${line.trim()}`.slice(0, MAX_VALUE));
    else if (name !== undefined) last = add(fields, name.toLowerCase(), value!.trim());
    else if (!/^>?From /.test(line)) return { headers: fields, body: text.slice(at) };
    at = end + 1;
  }
  return { headers: fields, body: text.slice(at) };
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

function add(fields: Map<string, string[]>, name: string, value: string): string[] {
  const values = fields.get(name) ?? [];
  values.push(value);
  fields.set(name, values);
  return values;
}

/** The first value of a field with its encoded words decoded; empty when there is none. */
export const header = (headers: Headers, name: string): string => decoded(headers.get(name)?.[0] ?? '');

/** All values of a field, decoded. */
export const headersOf = (headers: Headers, name: string): string[] =>
  (headers.get(name) ?? []).slice(0, 50).map(decoded);

/** A structured value: the word in lower case, and its parameters. */
export function structured(value: string): { value: string; params: Record<string, string> } {
  const parsed = libmime.parseHeaderValue(value.slice(0, MAX_VALUE));
  return { value: parsed.value.trim().toLowerCase(), params: parsed.params };
}

// eslint-disable-next-line no-control-regex -- what is beyond ASCII was written without encoding it
const ASCII = /^[\u0000-\u007f]*$/;

function decoded(value: string): string {
  try {
    return libmime.decodeWords(ASCII.test(value) ? value : decodeText(value)).trim();
  } catch {
    // A word of a charset nobody knows stays as it came.
    return value;
  }
}
