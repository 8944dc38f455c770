import { Temporal } from 'temporal-polyfill';
import { DAY_MS, MINUTE_MS, formatDate, formatTime, mustParseDate, mustParseTime } from './civil.js';

/** A stretch of time in which a zone keeps one offset from UTC. */
interface Segment {
  start: number;
  end: number;
  offset: number;
}

// Asking Intl for an offset is slow (about 30,000/s); segments of some 400 days are asked once and then only compared.
const BLOCK_MS = 2 ** 35;
const MARGIN_MS = 3 * DAY_MS;
const blocks = new Map<string, Map<number, Segment[]>>();
const known = new Map<string, boolean>();

/** Whether a name is an IANA time zone of this runtime, such as Europe/Rome or UTC. */
export function isZone(name: string): boolean {
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const valid = /^[A-Za-z]/.test(name) && resolves(name);
  if (known.size < 5000) known.set(name, valid);
  return valid;
}

function resolves(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false; // Intl tells an unknown zone only by throwing
  }
}

/**
 * The instant (epoch ms) of a local date 'YYYY-MM-DD' and time 'HH:MM' in a zone. A local time that does not exist (spring) is the
 * next valid minute; one that exists twice (autumn) is the first. An invalid date, time or zone is a programming error and throws.
 */
export function localToInstant(date: string, time: string, zone: string): number {
  return instantOf(mustParseDate(date), mustParseTime(time), zone);
}

/** As localToInstant, from a day number and minutes since midnight. */
export function instantOf(dayNo: number, minutes: number, zone: string): number {
  const local = dayNo * DAY_MS + minutes * MINUTE_MS;
  const segments = segmentsNear(local, zone);
  for (const segment of segments) {
    const candidate = local - segment.offset;
    if (candidate < segment.start) return firstMinuteOf(segment);
    if (candidate < segment.end) return candidate;
  }
  throw new RangeError(`no offset for ${formatDate(dayNo)} in ${zone}`);
}

// Old offsets had seconds (local mean time); the first whole local minute after such a gap lies a little after the transition.
function firstMinuteOf(segment: Segment): number {
  return Math.ceil((segment.start + segment.offset) / MINUTE_MS) * MINUTE_MS - segment.offset;
}

/** The local calendar date 'YYYY-MM-DD' of an instant. */
export function localDate(ms: number, zone: string): string {
  return formatDate(localDayOf(ms, zone));
}

/** The local wall clock 'HH:MM' of an instant, seconds cut off. */
export function localTime(ms: number, zone: string): string {
  return formatTime(localMinutesOf(ms, zone));
}

/** The local day number of an instant. */
export function localDayOf(ms: number, zone: string): number {
  return Math.floor((ms + offsetAt(ms, zone)) / DAY_MS);
}

/** The local minutes since midnight of an instant, seconds cut off. */
export function localMinutesOf(ms: number, zone: string): number {
  const local = ms + offsetAt(ms, zone);
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/** The zone's offset from UTC at an instant, in ms; local = ms + offset. */
export function offsetAt(ms: number, zone: string): number {
  const segment = segmentsNear(ms, zone).find((s) => ms < s.end);
  if (!segment) throw new RangeError(`no offset at ${ms} in ${zone}`);
  return segment.offset;
}

function segmentsNear(ms: number, zone: string): Segment[] {
  let ofZone = blocks.get(zone);
  if (!ofZone) blocks.set(zone, (ofZone = new Map<number, Segment[]>()));
  const block = Math.floor(ms / BLOCK_MS);
  let segments = ofZone.get(block);
  if (!segments) ofZone.set(block, (segments = readSegments(block, zone)));
  return segments;
}

// The first segment is open to the left, so that a search never mistakes the edge of the block for a gap.
function readSegments(block: number, zone: string): Segment[] {
  const until = (block + 1) * BLOCK_MS + MARGIN_MS;
  const segments: Segment[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(block * BLOCK_MS - MARGIN_MS).toZonedDateTimeISO(zone);
  let start = -Infinity;
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    const end = next ? next.epochMilliseconds : Infinity;
    segments.push({ start, end, offset: Math.round(at.offsetNanoseconds / 1e6) });
    if (!next || end > until) return segments;
    at = next;
    start = end;
  }
}
