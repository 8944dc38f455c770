import { open, stat } from 'node:fs/promises';
import { outbound } from '#libs/platform';
import type { OutboundAnswer } from '#libs/platform';
import { codeOf } from '../errors.js';

/** A longer file is read as if it were cut there; a longer answer is refused. */
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** The bytes of a feed and what came with them. */
export interface FeedBytes {
  bytes: Uint8Array;
  url?: string;
  charset?: string | undefined;
}

/** Reads a file, or asks an address by the guarded way out. Throws an error whose message is fit to be shown. */
export function bytesOf(source: string, allowHosts: readonly string[]): Promise<FeedBytes> {
  return /^https?:\/\//i.test(source) ? askFor(source, allowHosts) : readBeginning(source);
}

async function askFor(url: string, allowHosts: readonly string[]): Promise<FeedBytes> {
  if (!URL.canParse(url)) throw new Error('is no address');
  const answer = await outbound(url, {
    headers: { 'user-agent': 'Laurel/0.1 (feed reader)', 'accept-encoding': 'gzip, br' },
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    allowHosts,
  }).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  if (answer.status !== 200) throw new Error(`answers with HTTP ${answer.status}`);
  return { bytes: answer.body, url: answer.url, charset: charsetOf(answer) };
}

const charsetOf = ({ headers }: OutboundAnswer): string | undefined =>
  /charset\s*=\s*"?([\w.:-]+)/i.exec(String(headers['content-type'] ?? ''))?.[1];

/** Reads a file, a long one only up to 32 MiB. Throws an error whose message is fit to be shown. */
export async function readBeginning(path: string): Promise<FeedBytes> {
  const { size } = await regular(path);
  const file = await open(path).catch(unreadable);
  try {
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

/** A folder has no bytes, a device never ends, and opening a pipe waits for whoever writes to it. */
async function regular(path: string): Promise<{ size: number }> {
  const found = await stat(path).catch(unreadable);
  if (!found.isFile()) throw new Error('is no file');
  return found;
}

function unreadable(error: unknown): never {
  throw new Error(codeOf(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error), { cause: error });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : codeOf(error) || String(error);
