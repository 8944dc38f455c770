import { localDateTime, nextWait, parseDuration, roughLength } from '#libs/calendar';
import type { Turn } from './kinds.js';
import { calendarFor } from './world.js';

/** A length or a local moment, as waits and timeouts write it. */
export interface Length {
  for?: string | undefined;
  until?: string | undefined;
  at?: string | undefined;
  days?: 'any' | 'working' | undefined;
  zone?: string | undefined;
  spread?: string | undefined;
}

/** When a length counted from an instant is over: on the calendar of the workflow and the person, spread if they say so. */
export function reckon(length: Length, from: number, turn: Turn): { dueAt: number; words: string } {
  const defaults = turn.definition.calendar;
  const calendar = calendarFor(turn.world, length.zone ?? defaults.zone);
  const parsed = length.for === undefined ? null : parseDuration(length.for);
  const moment = nextWait({
    from,
    for: parsed?.ok ? parsed.duration : undefined,
    until: length.until,
    at: length.at ?? defaults.at,
    days: length.days ?? defaults.days,
    calendar,
  });
  const dueAt = moment + jitter(length.spread ?? defaults.spread, `${turn.run.id}/${turn.step.id}`);
  return { dueAt, words: momentWords(dueAt, calendar.zone) };
}

/** When the timeout of a step is over, counted from when it began to wait; null without one. */
export function timeoutOf(timeout: string | undefined, turn: Turn): number | null {
  return timeout === undefined ? null : reckon({ for: timeout }, beginningOf(turn), turn).dueAt;
}

// A wait that is reckoned again (a new zone, a new version) counts from the same beginning.
function beginningOf({ run, now }: Turn): number {
  return run.status === 'waiting' && run.verb !== null ? (run.since ?? run.cursorSince ?? now) : now;
}

/** A local moment with its zone, for people. */
export function momentWords(ms: number, zone: string): string {
  return `${localDateTime(ms, zone).replace('T', ' ')} (${zone})`;
}

/** A length without a calendar, in ms. */
export function lengthMs(text: string): number {
  const parsed = parseDuration(text);
  return parsed.ok ? roughLength(parsed.duration) : 0;
}

/** A pause from 0 up to the spread (ms), the same whenever it is asked for the same seed. */
function jitter(spread: string | undefined, seed: string): number {
  return spread === undefined ? 0 : Math.floor((hash(seed) / 2 ** 32) * lengthMs(spread));
}

// FNV-1a with the finish of MurmurHash3, which spreads neighbouring ids evenly.
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
