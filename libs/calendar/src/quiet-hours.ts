import { mustParseTime } from './civil.js';
import { instantOf, localDayOf, localMinutesOf } from './zone.js';

/** Local times of day 'HH:MM' between which nobody is disturbed; `to` may lie before `from`, on the next morning. */
export interface QuietHours {
  from: string;
  to: string;
}

/**
 * The first moment (epoch ms) at or after an instant that is outside the quiet hours of a zone: the instant itself, or the local
 * `to`. An end that does not exist (spring) is the next valid minute; of one that exists twice (autumn) the first counts, unless it is
 * over. Equal times are no quiet hours.
 */
export function afterQuietHours(ms: number, zone: string, { from, to }: QuietHours): number {
  const [begin, end] = [mustParseTime(from), mustParseTime(to)];
  const now = localMinutesOf(ms, zone);
  if (!isQuiet(now, begin, end)) return ms;
  const today = localDayOf(ms, zone);
  const day = now < end ? today : today + 1;
  return Math.max(ms, instantOf(day, end, zone));
}

const isQuiet = (now: number, begin: number, end: number): boolean =>
  begin <= end ? now >= begin && now < end : now >= begin || now < end;
