import { readFeed } from '#libs/feeds';
import type { FeedItem } from '#libs/feeds';
import { OutboundRefused, outbound } from '#libs/platform';
import type { OutboundAnswer } from '#libs/platform';
import type { Source } from './source.entity.js';

const MAX_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** What a look at a feed gave; failures are values, with a reason fit for the source's owner. */
export type Fetched =
  | { kind: 'read'; items: FeedItem[]; etag: string | null; lastModified: string | null }
  | { kind: 'unchanged' }
  | { kind: 'failed'; reason: string };

/** Asks a feed politely: conditional, bounded, public addresses only. */
export async function fetchFeed(
  source: Pick<Source, 'url' | 'etag' | 'lastModified'>,
  allowHosts: readonly string[],
): Promise<Fetched> {
  try {
    const answer = await outbound(source.url, {
      headers: headersFor(source),
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      allowHosts,
    });
    return read(source, answer);
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    const reason =
      error instanceof OutboundRefused
        ? `may not be asked: ${message}`
        : `does not answer: ${code ?? message}`;
    return { kind: 'failed', reason };
  }
}

function headersFor({ etag, lastModified }: Pick<Source, 'etag' | 'lastModified'>): Record<string, string> {
  return {
    'user-agent': 'Laurel/0.1 (feed reader)',
    accept:
      'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5',
    ...(etag ? { 'if-none-match': etag } : {}),
    ...(lastModified ? { 'if-modified-since': lastModified } : {}),
  };
}

function read(source: Pick<Source, 'url'>, { status, headers, body }: OutboundAnswer): Fetched {
  if (status === 304) return { kind: 'unchanged' };
  if (status !== 200) return { kind: 'failed', reason: `answers with HTTP ${status}` };
  const reading = readFeed(body, source.url);
  if (!reading.ok) return { kind: 'failed', reason: reading.error };
  const header = (name: string): string | null => (typeof headers[name] === 'string' ? headers[name] : null);
  return { kind: 'read', items: reading.items, etag: header('etag'), lastModified: header('last-modified') };
}
