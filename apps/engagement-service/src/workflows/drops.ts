import { localDate, periodOf, previousPeriod } from '#libs/calendar';
import type { Period } from '#libs/calendar';

/** A period as local dates, the end exclusive, with its key. */
export interface Span {
  key: string;
  from: string;
  to: string;
}

/** The spans a drop is reckoned from: of this year the last and the eight before it, newest first, and the same of last year. */
export interface DropSpans {
  now: Span[];
  lastYear: Span[];
}

const BEFORE = 8;
const USUAL = 4;
const DAY_MS = 86_400_000;

/** The spans around a period that has ended. The same week of last year lies 52 weeks back, the same month twelve months. */
export function spansAround(last: Period, zone: string): DropSpans {
  const backTo = (start: Period): Span[] => {
    const spans: Span[] = [];
    for (let period = start; spans.length <= BEFORE; period = previousPeriod(period, zone))
      spans.push(spanOf(period, zone));
    return spans;
  };
  return { now: backTo(last), lastYear: backTo(yearBefore(last, zone)) };
}

function yearBefore(last: Period, zone: string): Period {
  const middle = last.start + (last.end - last.start) / 2;
  if (last.kind === 'week') return periodOf('week', middle - 364 * DAY_MS, zone);
  let period = last;
  for (let months = 0; months < 12; months++) period = previousPeriod(period, zone);
  return period;
}

const spanOf = ({ key, start, end }: Period, zone: string): Span => ({
  key,
  from: localDate(start, zone),
  to: localDate(end, zone),
});

/** What was to be expected of a period; totals stand in the order of spansAround. */
export function expectedOf(
  against: 'season' | 'usual',
  totals: { now: readonly number[]; lastYear: readonly number[] },
): number {
  const [, ...before] = totals.now;
  const usual = sum(before.slice(0, USUAL)) / USUAL;
  const [same = 0, ...beforeThat] = totals.lastYear;
  const scale = sum(before) / sum(beforeThat);
  // Without a year behind it there is no season.
  const season = same > 0 && Number.isFinite(scale) ? same * scale : null;
  return against === 'season' ? (season ?? usual) : usual;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
