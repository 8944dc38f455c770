const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Hours from UTC of the zones that RFC 822 and feeds call by name. */
const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  gmt: 0,
  ut: 0,
  utc: 0,
  wet: 0,
  bst: 1,
  west: 1,
  cet: 1,
  met: 1,
  cest: 2,
  mest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  msd: 4,
  ast: -4,
  adt: -3,
  est: -5,
  edt: -4,
  et: -5,
  cst: -6,
  cdt: -5,
  ct: -6,
  mst: -7,
  mdt: -6,
  mt: -7,
  pst: -8,
  pdt: -7,
  pt: -8,
  akst: -9,
  akdt: -8,
  hst: -10,
  jst: 9,
  kst: 9,
  hkt: 8,
  sgt: 8,
  myt: 8,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
  brt: -3,
};

interface Day {
  year: number;
  month: number;
  day: number;
}

/** An instant as feeds write it, well or badly, as ISO 8601 in UTC; null when no day can be made out. Without a zone it is UTC. */
export function instantOf(written: string | undefined): string | null {
  const text = (written ?? '').slice(0, 100).trim().toLowerCase();
  if (text === '') return null;
  const instant = epochOf(text) ?? calendarOf(text);
  return instant === null || Number.isNaN(instant) ? null : new Date(instant).toISOString();
}

/** Seconds or milliseconds since 1970. */
function epochOf(text: string): number | null {
  if (/^\d{13}$/.test(text)) return Number(text);
  return /^\d{9,10}$/.test(text) ? Number(text) * 1000 : null;
}

function calendarOf(text: string): number | null {
  const day = dayOf(text);
  if (!day || day.month < 1 || day.month > 12 || day.day < 1 || day.day > 31) return null;
  if (day.year < 1900 || day.year > 2200) return null;
  return Date.UTC(day.year, day.month - 1, day.day) + timeOf(text);
}

type Reader = (match: RegExpExecArray) => Day;
const numbers = (year?: string, month?: string, day?: string): Day => ({
  year: fullYear(year ?? ''),
  month: Number(month ?? 1),
  day: Number(day ?? 1),
});
const named = (year?: string, month?: string, day?: string): Day => ({
  ...numbers(year, '1', day),
  month: MONTHS.indexOf((month ?? '').slice(0, 3)) + 1,
});

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?';
/** From the strictest to the loosest. */
const DAYS: readonly [RegExp, Reader][] = [
  [/^(\d{4})-(\d{1,2})-(\d{1,2})/, ([, y, m, d]) => numbers(y, m, d)],
  [/^(\d{4})(\d\d)(\d\d)(?:$|t|\d{6}|\s)/, ([, y, m, d]) => numbers(y, m, d)],
  [/^(\d{4})-(\d{3})(?!\d)/, ([, y, ordinal]) => ordinalDay(Number(y), Number(ordinal))],
  [
    new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?[\\s.,/-]{1,3}${MONTH}[\\s.,/-]{1,3}(\\d{4}|\\d{2})(?!\\d|:)`),
    ([, d, m, y]) => named(y, m, d),
  ],
  [
    new RegExp(`${MONTH}[\\s.,-]{1,3}(\\d{1,2})(?:st|nd|rd|th)?[\\s,]{1,3}(\\d{4})(?!\\d)`),
    ([, m, d, y]) => named(y, m, d),
  ],
  [new RegExp(`${MONTH}\\s{1,3}(\\d{1,2})\\s.{0,30}?\\b(\\d{4})\\b`), ([, m, d, y]) => named(y, m, d)],
  [/\b(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b/, ([, y, m, d]) => numbers(y, m, d)],
  [/\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b/, ([, d, m, y]) => numbers(y, m, d)],
  // Americans write the month first; a number above twelve tells a day.
  [
    /\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b/,
    ([, a, b, y]) => (Number(a) > 12 ? numbers(y, b, a) : numbers(y, a, b)),
  ],
  [/^(\d{4})-(\d\d)(?!\d)/, ([, y, m]) => numbers(y, m)],
  [/^(\d{4})$/, ([, y]) => numbers(y)],
  [/\b(\d{4})-(\d{1,2})-(\d{1,2})/, ([, y, m, d]) => numbers(y, m, d)],
];

function dayOf(text: string): Day | null {
  for (const [pattern, read] of DAYS) {
    const match = pattern.exec(text);
    if (match) return read(match);
  }
  return null;
}

/** RFC 2822 on years of two digits: 00–49 are of this century. */
const fullYear = (year: string): number =>
  year.length > 2 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);

function ordinalDay(year: number, ordinal: number): Day {
  const date = new Date(Date.UTC(year, 0, ordinal));
  return { year, month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const TIME = /(?:^|[t\s,.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s?(am|pm|a\.m\.|p\.m\.)?/;
const COMPACT = /^\d{8}t?(\d{2})(\d{2})(\d{2})?/;

/** Milliseconds since midnight UTC of the day as written; may lie outside of it. An impossible time is midnight. */
function timeOf(text: string): number {
  const match = TIME.exec(text) ?? COMPACT.exec(text);
  if (!match) return 0;
  const [, hour, minute, second = '0', half] = match;
  const hours = half ? (Number(hour) % 12) + (half.startsWith('p') ? 12 : 0) : Number(hour);
  if (hours > 24 || Number(minute) > 59 || Number(second) > 60) return 0;
  const rest = text.slice(match.index + match[0].length);
  return ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000 - zoneOf(rest);
}

/** Milliseconds that the clocks of the zone are ahead of UTC. */
function zoneOf(rest: string): number {
  const offset = /^\s*(?:gmt|utc|ut)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)/.exec(rest);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return (offset[1] === '-' ? -minutes : minutes) * 60_000;
  }
  const name = /[a-z]+/.exec(rest)?.[0] ?? '';
  return (Object.hasOwn(ZONES, name) ? ZONES[name]! : 0) * 3_600_000;
}
