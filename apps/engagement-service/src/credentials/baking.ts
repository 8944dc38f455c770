import { crc32 } from 'node:zlib';

const SVG_NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
const KEYWORD = 'openbadgecredential';
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** So many bytes may have what is sent to be verified. */
export const PICTURE_LIMIT = 1024 * 1024;

/** Puts a credential into a drawing, as section 5.3 of Open Badges 3.0 has it. Whatever was baked into it before goes. */
export function bakeSvg(svg: string, jwt: string): string {
  const clean = svg
    .replaceAll(/<openbadges:credential[^>]*(\/>|>[^<]*<\/openbadges:credential>)/g, '')
    .replaceAll(/ xmlns:openbadges="[^"]*"/g, '');
  return clean.replace(
    /<svg\b([^>]*)>/,
    `<svg xmlns:openbadges="${SVG_NAMESPACE}"$1><openbadges:credential verify="${jwt}"></openbadges:credential>`,
  );
}

/** The credential in a drawing, in its first tag of that name; null when there is none. Reads each character once: anybody may ask. */
export function fromSvg(svg: string): string | null {
  const from = svg.indexOf('<openbadges:credential');
  const to = svg.indexOf('>', from);
  if (from < 0 || to < 0) return null;
  return /\sverify=["']([^"'<>]+)["']/.exec(svg.slice(from, to))?.[1] ?? null;
}

/** Puts a credential into a PNG: an uncompressed iTXt chunk behind the header. Throws for what is no PNG. */
export function bakePng(png: Buffer, jwt: string): Buffer {
  const [header, ...rest] = chunksOf(png);
  if (header?.type !== 'IHDR') throw new RangeError('this is no PNG');
  const text = Buffer.from(`${KEYWORD}\0\0\0\0\0${jwt}`, 'latin1');
  const others = rest.filter((chunk) => !isCredential(chunk));
  return Buffer.concat([SIGNATURE, ...[header, { type: 'iTXt', data: text }, ...others].map(written)]);
}

/** The credential in a PNG; null when there is none. */
export function fromPng(png: Buffer): string | null {
  const chunk = chunksOf(png).find(isCredential);
  if (!chunk) return null;
  const rest = chunk.data.subarray(KEYWORD.length + 1);
  const isCompressed = rest[0] !== 0;
  // The flag and the method, then a language tag and a translated keyword, each closed by a zero, stand before the text.
  const second = rest.indexOf(0, rest.indexOf(0, 2) + 1);
  return isCompressed || second < 0 ? null : rest.subarray(second + 1).toString('utf8');
}

/** Whether the bytes begin as a PNG does. */
export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);

interface Chunk {
  type: string;
  data: Buffer;
}

const isCredential = ({ type, data }: Chunk): boolean =>
  type === 'iTXt' && data.subarray(0, KEYWORD.length + 1).toString('latin1') === `${KEYWORD}\0`;

/** The chunks up to the end, or up to where the file is broken off. */
function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  if (!isPng(png)) return chunks;
  for (let at = SIGNATURE.length; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
    if (type === 'IEND') break;
  }
  return chunks;
}

function written({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
