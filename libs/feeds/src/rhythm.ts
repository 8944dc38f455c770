import type { Fields } from './markup.js';
import { fieldsAt, textAt } from './pick.js';

const PERIODS: Readonly<Record<string, number>> = {
  hourly: 60,
  daily: 24 * 60,
  weekly: 7 * 24 * 60,
  monthly: 30 * 24 * 60,
  yearly: 365 * 24 * 60,
};

/** Minutes that a feed asks to be left alone between two looks: `ttl` of RSS 2.0, `sy:updatePeriod` of RSS 1.0; null when it does not. */
export function rhythmOf(channel: Fields): number | null {
  const ttl = Number(textAt(channel, 'ttl') ?? Number.NaN);
  const period = PERIODS[textAt(channel, 'sy:updateperiod')?.trim().toLowerCase() ?? ''];
  const times = Number(textAt(channel, 'sy:updatefrequency') ?? 1);
  const minutes = [ttl, (period ?? Number.NaN) / (times > 0 ? times : 1)].filter((value) => value > 0);
  return minutes.length > 0 ? Math.round(Math.max(...minutes)) : null;
}

/** Hours of the day, in GMT, in which a feed wants to be left alone (RSS 2.0 `skipHours`). */
export const skipHoursOf = (channel: Fields): number[] =>
  fieldsAt(channel, 'skiphours/hour')
    .map(({ text }) => Number(text.trim() || Number.NaN) % 24)
    .filter((hour) => Number.isInteger(hour) && hour >= 0);
