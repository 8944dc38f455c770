import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

/** Only unicast addresses of the public internet; everything special-purpose (IANA registries) is refused. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

type LookupCallback = (error: Error | null, addresses?: LookupAddress[]) => void;

/** Checked at connect time, after DNS: a name that changes its mind between check and use gains nothing. */
function publicLookup(host: string, _options: object, callback: LookupCallback): void {
  lookup(host, { all: true }, (error, addresses) => {
    if (error) return callback(error);
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused)
      return callback(new OutboundRefused(`${host} leads to the non-public address ${refused.address}`));
    callback(null, addresses);
  });
}

/** The address may not be asked. */
export class OutboundRefused extends Error {}

/** The address was asked and has answered, but with what is not taken: too long, packed wrongly, one redirect too many. */
export class AnswerRefused extends OutboundRefused {
  readonly status: number;
  readonly headers: OutboundAnswer['headers'];

  constructor(message: string, { status, headers }: Head, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.headers = headers;
  }
}

export interface OutboundOptions {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Bytes of answer read at most; a longer answer is an error. */
  maxBytes: number;
  /** Leaves a longer answer at its first `maxBytes` instead. */
  cut?: boolean;
  timeoutMs: number;
  /** Tests and the demo let their own loopback server through, by `host:port`. */
  allowHosts?: readonly string[];
  /** How many redirects are followed; 5 unless told. */
  redirects?: number;
}

export interface OutboundAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Unpacked when it came packed; `maxBytes` holds for both. */
  body: Buffer;
  /** Where the answer came from, after the redirects. */
  url: string;
  /** The last address that nothing but permanent redirects (301, 308) led to; undefined when the first was none. */
  movedTo: string | undefined;
}

const publicAgent = new Agent({ connect: { timeout: 5_000, lookup: publicLookup as never } });
const openAgent = new Agent({ connect: { timeout: 5_000 } });
const MAX_REDIRECTS = 5;

/** The one door for outbound HTTP: http(s) to public addresses, bounded in time and size, every redirect checked like the first. */
export async function outbound(address: string, options: OutboundOptions): Promise<OutboundAnswer> {
  let url = new URL(address);
  const { redirects = MAX_REDIRECTS } = options;
  let movedTo: string | undefined;
  let forGood = true;
  let last: Head | undefined;
  for (let hop = 0; hop <= redirects; hop++) {
    const answer = await askOnce(url, options);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers['location'] : undefined;
    if (typeof location !== 'string') return { ...answer, url: url.href, movedTo };
    url = new URL(location, url);
    forGood &&= answer.status === 301 || answer.status === 308;
    if (forGood) movedTo = url.href;
    last = answer;
  }
  throw new AnswerRefused(`more than ${redirects} redirects`, last!);
}

type Answer = Omit<OutboundAnswer, 'url' | 'movedTo'>;
type Head = Omit<Answer, 'body'>;

async function askOnce(url: URL, options: OutboundOptions): Promise<Answer> {
  const own = options.allowHosts?.includes(url.host) ?? false;
  if (!own) refuseUnlessPublic(url);
  const answer = await request(url, {
    dispatcher: own ? openAgent : publicAgent,
    method: options.method ?? 'GET',
    headers: options.headers ?? {},
    body: options.body ?? null,
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  const head = { status: answer.statusCode, headers: answer.headers };
  const body = await readBounded(answer.body, head, options);
  return { ...head, body: await unpacked(body, head, options.maxBytes) };
}

/** A literal address never reaches DNS, so it is checked here; `publicLookup` sees names only. */
function refuseUnlessPublic(url: URL): void {
  if (!['http:', 'https:'].includes(url.protocol))
    throw new OutboundRefused(`${url.protocol} is not http or https`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isPublicAddress(host))
    throw new OutboundRefused(`${host} is not a public address`);
}

async function readBounded(
  body: AsyncIterable<Buffer>,
  head: Head,
  { maxBytes, cut = false }: OutboundOptions,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes && !cut) throw new AnswerRefused(`the answer is longer than ${maxBytes} bytes`, head);
    chunks.push(chunk);
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks, Math.min(size, maxBytes));
}

const UNPACK = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Servers pack although nobody asked them to; what unpacks to more than was asked for is refused like a longer answer. */
async function unpacked(body: Buffer, head: Head, maxBytes: number): Promise<Buffer> {
  const encoding = String(head.headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  if (body.length === 0 || !Object.hasOwn(UNPACK, encoding)) return body;
  try {
    return await UNPACK[encoding as keyof typeof UNPACK](body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new AnswerRefused(`the answer cannot be unpacked within ${maxBytes} bytes`, head, { cause: error });
  }
}
