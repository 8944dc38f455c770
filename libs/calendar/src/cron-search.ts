import { civilOf, dayNumber, weekdayOf } from './civil.js';
import type { Cron } from './cron.js';
import { instantOf, localDayOf, localMinutesOf } from './zone.js';

// Longest pause between two 29 February is 8 years (1896..1904, 2096..2104); on a given weekday 40 years, which is 14,610 days.
const SEARCH_DAYS = 15_000;

/**
 * The first firing strictly after an instant (both epoch ms), or null when there is none in 41 years. Each nominal local time fires
 * at most once: one in a spring gap at the next valid minute (several in one gap fire there together, once), one that exists twice
 * at its first.
 */
export function nextCron(cron: Cron, zone: string, after: number): number | null {
  const today = localDayOf(after, zone);
  // Every nominal up to the present local minute has fired: the instant of a local time never falls as the local time grows.
  const rest = firstOn(cron, zone, today, localMinutesOf(after, zone) + 1, after);
  return rest ?? onLaterDay(cron, zone, today, after);
}

function onLaterDay(cron: Cron, zone: string, today: number, after: number): number | null {
  for (let day = nextDay(cron, today + 1, today); day !== null; day = nextDay(cron, day + 1, today)) {
    const moment = firstOn(cron, zone, day, 0, after);
    if (moment !== null) return moment;
  }
  return null;
}

/** All firings in (after, until], oldest first, at most `max`. */
export function cronBetween(cron: Cron, zone: string, after: number, until: number, max: number): number[] {
  const found: number[] = [];
  for (
    let at = nextCron(cron, zone, after);
    at !== null && at <= until && found.length < max;
    at = nextCron(cron, zone, at)
  )
    found.push(at);
  return found;
}

function firstOn(cron: Cron, zone: string, day: number, fromMinute: number, after: number): number | null {
  if (!matchesDay(cron, day)) return null;
  for (const hour of cron.hours) {
    if (hour * 60 + 59 < fromMinute) continue;
    const moment = firstInHour(cron, zone, day, hour * 60, fromMinute, after);
    if (moment !== null) return moment;
  }
  return null;
}

function firstInHour(
  cron: Cron,
  zone: string,
  day: number,
  hourStart: number,
  fromMinute: number,
  after: number,
): number | null {
  for (const minute of cron.minutes) {
    if (hourStart + minute < fromMinute) continue;
    const moment = instantOf(day, hourStart + minute, zone);
    if (moment > after) return moment;
  }
  return null;
}

function nextDay(cron: Cron, from: number, start: number): number | null {
  for (let day = from; day <= start + SEARCH_DAYS;) {
    if (matchesDay(cron, day)) return day;
    day = stepFrom(cron, day);
  }
  return null;
}

function stepFrom(cron: Cron, day: number): number {
  const { year, month } = civilOf(day);
  return cron.months.includes(month) ? day + 1 : dayNumber(year, month + 1, 1);
}

function matchesDay(cron: Cron, day: number): boolean {
  const { month, day: ofMonth } = civilOf(day);
  if (!cron.months.includes(month)) return false;
  const byMonth = cron.daysOfMonth.includes(ofMonth);
  const byWeek = cron.weekdays.includes(weekdayOf(day) % 7);
  return cron.eitherDay ? byMonth || byWeek : byMonth && byWeek;
}
