import type { DataOf } from '#libs/contracts';
import { readFeed } from '#libs/feeds';
import type { FeedItem } from '#libs/feeds';
import { OutboundRefused, outbound, retryAfterMs } from '#libs/platform';
import type { OutboundAnswer } from '#libs/platform';
import { charsetOf, freshMinutes, validatorsOf } from './answer-headers.js';
import type { Source } from './source.entity.js';

const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

export type Fault = DataOf<'source.broken'>['reason'];

interface Asked {
  /** Another address that the server says is the source's own from now on. */
  movedTo: string | undefined;
  askedMinutes: number | null;
}

/** What a look at a feed gave; failures are values, with a reason fit for the source's owner. */
export type Fetched = { httpStatus: number | null } & (
  | ({
      kind: 'read';
      items: FeedItem[];
      skipHours: number[];
      etag: string | null;
      lastModified: string | null;
    } & Asked)
  | ({ kind: 'unchanged' } & Asked)
  | { kind: 'failed'; fault: Fault; reason: string; retryAfterMs: number }
);

type Known = Pick<Source, 'url' | 'etag' | 'lastModified' | 'askedMinutes'>;

/** Asks a feed politely: conditional, bounded, public addresses only. */
export async function fetchFeed(source: Known, allowHosts: readonly string[], now: Date): Promise<Fetched> {
  try {
    const answer = await outbound(source.url, {
      headers: headersFor(source),
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      allowHosts,
    });
    return read(source, answer, now);
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    return error instanceof OutboundRefused || code === 'ERR_INVALID_URL'
      ? failed('refused', `may not be asked: ${message}`)
      : failed('unreachable', `does not answer: ${typeof code === 'string' ? code : message}`);
  }
}

const failed = (fault: Fault, reason: string, httpStatus: number | null = null, pauseMs = 0): Fetched => ({
  kind: 'failed',
  fault,
  reason,
  httpStatus,
  retryAfterMs: pauseMs,
});

function headersFor({ etag, lastModified }: Known): Record<string, string> {
  return {
    'user-agent': 'Laurel/0.1 (feed reader)',
    accept:
      'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5',
    'accept-encoding': 'gzip, br',
    ...(etag ? { 'if-none-match': etag } : {}),
    ...(lastModified ? { 'if-modified-since': lastModified } : {}),
  };
}

function read(source: Known, answer: OutboundAnswer, now: Date): Fetched {
  const { status: httpStatus, headers, movedTo } = answer;
  if (httpStatus === 304)
    return {
      kind: 'unchanged',
      httpStatus,
      movedTo,
      askedMinutes: freshMinutes(headers) ?? source.askedMinutes,
    };
  if (httpStatus === 410) return failed('gone', 'is gone for good (HTTP 410)', httpStatus);
  if (httpStatus !== 200)
    return failed(
      'http_error',
      `answers with HTTP ${httpStatus}`,
      httpStatus,
      retryAfterMs(headers['retry-after'], now),
    );
  const reading = readFeed(answer.body, { url: answer.url, charset: charsetOf(headers) });
  if (!reading.ok) return failed('not_a_feed', reading.error, httpStatus);
  const asked = [reading.everyMinutes, freshMinutes(headers)].filter((minutes) => minutes !== null);
  const { items, skipHours } = reading;
  return {
    kind: 'read',
    httpStatus,
    movedTo,
    items,
    skipHours,
    ...validatorsOf(headers),
    askedMinutes: asked.length > 0 ? Math.max(...asked) : null,
  };
}
