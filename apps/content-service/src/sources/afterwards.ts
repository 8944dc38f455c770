import type { Fetched, Fault } from './fetcher.js';
import type { Source } from './source.entity.js';

const HOUR_MS = 3_600_000;
const LONGEST_PAUSE_MS = 7 * 24 * HOUR_MS;
/** A feed may ask for fewer looks than its owner wants, but for no fewer than one a day. */
const LONGEST_WISH_MS = 24 * HOUR_MS;
/** Faults that may pass by themselves are told of when they have come so often in a row. */
const TELL_AFTER: Readonly<Record<Fault, number>> = {
  unreachable: 3,
  http_error: 3,
  not_stored: 3,
  not_a_feed: 2,
  refused: 1,
  gone: 1,
};

/** What a look at a feed changes about its source, and what its owner is told. */
export interface Afterwards {
  change: Partial<Source>;
  tell: { broken: Fault } | 'recovered' | null;
}

/** Works out when a source is looked at next, and whether its owner hears of it. */
export function afterwards(source: Source, fetched: Fetched, now: Date): Afterwards {
  return fetched.kind === 'failed' ? afterFailure(source, fetched, now) : afterSuccess(source, fetched, now);
}

function afterFailure(
  source: Source,
  { fault, reason, retryAfterMs }: Extract<Fetched, { kind: 'failed' }>,
  now: Date,
): Afterwards {
  const failures = source.failures + 1;
  const growing = source.everyHours * HOUR_MS * 2 ** Math.min(failures, 10);
  const tells = source.brokenSince === null && failures >= TELL_AFTER[fault];
  return {
    change: {
      lastFetchedAt: now,
      failures,
      lastError: reason,
      nextFetchAt: later(now, Math.min(Math.max(growing, retryAfterMs), LONGEST_PAUSE_MS)),
      ...(fault === 'gone' ? { status: 'gone' } : {}),
      ...(tells ? { brokenSince: now } : {}),
    },
    tell: tells ? { broken: fault } : null,
  };
}

function afterSuccess(source: Source, fetched: Exclude<Fetched, { kind: 'failed' }>, now: Date): Afterwards {
  const own = source.everyHours * HOUR_MS;
  const wish = Math.min((fetched.askedMinutes ?? 0) * 60_000, LONGEST_WISH_MS);
  const next = later(now, Math.max(own, wish));
  return {
    change: {
      lastFetchedAt: now,
      failures: 0,
      lastError: null,
      brokenSince: null,
      ...(source.status === 'gone' ? { status: 'active' } : {}),
      askedMinutes: fetched.askedMinutes,
      nextFetchAt: fetched.kind === 'read' ? outside(fetched.skipHours, next) : next,
      ...(fetched.kind === 'read' ? { etag: fetched.etag, lastModified: fetched.lastModified } : {}),
    },
    tell: source.brokenSince === null ? null : 'recovered',
  };
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** The first full hour from `at` on that a feed does not want to be left alone in (RSS 2.0 `skipHours`, in GMT). */
function outside(skipHours: readonly number[], at: Date): Date {
  if (!skipHours.includes(at.getUTCHours())) return at;
  const hours = Array.from({ length: 23 }, (_, n) => n + 1);
  const wait = hours.find((n) => !skipHours.includes((at.getUTCHours() + n) % 24)) ?? 0;
  return new Date(Math.floor(at.getTime() / HOUR_MS + wait) * HOUR_MS);
}
