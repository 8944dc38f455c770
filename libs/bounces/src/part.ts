import { decodeText, toLatin1, undoTransfer } from './bytes.js';
import { splitHead, structured } from './headers.js';
import type { Headers } from './headers.js';
import { htmlToText } from './html.js';

/** A report stands at the beginning of its mail; what lies beyond is the returned mail. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_DEPTH = 8;
const MAX_PARTS = 100;
const MAX_TEXT = 100_000;

/** A MIME part: a leaf has a body, a multipart has parts. Bodies are undecoded, one character a byte, lines end in LF. */
export interface Part {
  /** In lower case, `text/plain` when nothing is said. */
  type: string;
  params: Record<string, string>;
  headers: Headers;
  body: string;
  parts: Part[];
}

/** Reads a mail however broken it is; bytes after the first 2 MiB are not looked at. */
export function parseMail(bytes: Uint8Array): Part {
  const text = toLatin1(bytes.subarray(0, MAX_BYTES)).replaceAll(/\r\n?/g, '\n');
  return parsePart(text.replace(/^\s*(?:>?From [^\n]*\n)?/, ''), 0);
}

/** The mail inside a message/rfc822 part. */
export const embedded = (part: Part): Part => parsePart(bodyOf(part).replace(/^\s+/, ''), 1);

function parsePart(text: string, depth: number): Part {
  const { headers, body } = splitHead(text);
  const declared = headers.get('content-type')?.[0];
  const { value, params } = structured(declared ?? 'text/plain');
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value : 'text/plain';
  const leaf = { type, params, headers, body, parts: [] };
  if (depth >= MAX_DEPTH) return leaf;
  const boundary = type.startsWith('multipart/') || declared === undefined ? boundaryOf(params, body) : null;
  if (boundary === null) return leaf;
  const parts = split(body, boundary).map((piece) => parsePart(piece, depth + 1));
  return { ...leaf, type: type.startsWith('multipart/') ? type : 'multipart/mixed', parts };
}

/** The declared boundary if it is there, else what looks like one. */
function boundaryOf(params: Record<string, string>, body: string): string | null {
  const declared = params['boundary']?.trim();
  if (declared && `\n${body}`.includes(`\n--${declared}`)) return declared;
  return (
    /(?:^|\n)--([^\s-][^\n]{0,99}?|-{1,30}[^\n]{1,69}?)[ \t]*\nContent-[A-Z][a-z]+[\w-]*:/.exec(
      body.slice(0, 400),
    )?.[1] ?? null
  );
}

function split(body: string, boundary: string): string[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`).slice(1, MAX_PARTS);
  const closed = pieces.findIndex((piece) => piece.startsWith('--'));
  const inner = closed === -1 ? pieces : pieces.slice(0, closed);
  // The rest of the line belongs to the boundary.
  return inner.map((piece) => piece.slice(piece.indexOf('\n') + 1));
}

/** The body without its transfer encoding. */
export const bodyOf = ({ headers, body }: Part): string =>
  undoTransfer(body, (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase());

/** Several questions are asked of the same text; it is decoded once. */
const texts = new WeakMap<Part, string>();

/** The text of a leaf, HTML without its markup. */
export function textOf(part: Part): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = decodeText(bodyOf(part).slice(0, MAX_TEXT), part.params['charset']).replaceAll('\u0000', '');
  const plain = part.type === 'text/html' ? htmlToText(text) : text;
  texts.set(part, plain);
  return plain;
}

/** All leaves in their order; a message/rfc822 is one leaf. */
export const leavesOf = (part: Part): Part[] =>
  part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf);
