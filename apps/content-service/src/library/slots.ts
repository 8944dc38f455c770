import { localDate, localToInstant } from '#libs/calendar';

const DAY_MS = 86_400_000;
/** Nobody plans further ahead. */
const HORIZON_DAYS = 400;

/** When posts may come out: on these weekdays (Monday 1), at these local times, so many a day. */
export interface SlotRule {
  /** The first local date, `YYYY-MM-DD`. */
  from: string;
  days: readonly number[];
  /** `HH:MM` */
  at: readonly string[];
  zone: string;
  perDay: number;
}

/**
 * The first free instants (epoch ms) after `after`, oldest first; fewer than `count` when some 400 days hold no more. What is `taken`
 * counts towards the day it falls on, and its instant is not given again.
 */
export function freeSlots(rule: SlotRule, count: number, taken: readonly number[], after: number): number[] {
  const busy = new Set(taken);
  const perDate = countByDate(taken, rule.zone);
  const found: number[] = [];
  const first = Date.parse(`${rule.from}T00:00:00Z`);
  for (let day = 0; day < HORIZON_DAYS && found.length < count; day++) {
    const date = localDate(first + day * DAY_MS, 'UTC');
    if (!rule.days.includes(weekdayOf(date))) continue;
    const room = rule.perDay - (perDate.get(date) ?? 0);
    if (room > 0)
      found.push(
        ...freeOn(date, rule)
          .filter((at) => at > after && !busy.has(at))
          .slice(0, room),
      );
  }
  return found.slice(0, count);
}

/** Two times in the hour that a day of spring leaves out are one instant; a date that a zone leaves out has none. */
const freeOn = (date: string, { at, zone }: SlotRule): number[] =>
  [...new Set(at.map((time) => localToInstant(date, time, zone)))]
    .filter((instant) => localDate(instant, zone) === date)
    .sort((a, b) => a - b);

const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

function countByDate(instants: readonly number[], zone: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const at of instants) {
    const date = localDate(at, zone);
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  return counts;
}
