import { z } from 'zod';
import type { CalendarEntry } from '../effects.js';
import type { Turn } from '../kinds.js';
import { answered } from './data.js';

/** `calendar:` of a send; each is an expression. */
export const calendarSchema = z.strictObject({
  uid: z.string(),
  starts: z.string(),
  ends: z.string(),
  summary: z.string(),
  location: z.string().optional(),
  url: z.string().optional(),
  cancelled: z.string().optional(),
});

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 31;
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const entrySchema = z.object({
  uid: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(200)),
  starts: instant,
  ends: instant,
  summary: z.string().trim().min(1).max(200),
  location: z.string().max(300).nullish().default(null),
  url: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .nullish()
    .default(null),
  cancelled: z.boolean().nullish().default(false),
});

/** The entry that the expressions give; a text says what is wrong with it, undefined that there is to be none. */
export function calendarOf(
  config: z.infer<typeof calendarSchema> | undefined,
  turn: Turn,
): CalendarEntry | string | undefined {
  if (!config) return undefined;
  const answer = answered(config, turn);
  if (!answer.ok) return `the calendar entry cannot be made: ${answer.error}`;
  const parsed = entrySchema.safeParse(answer.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `the calendar entry cannot be made: ${issue!.path.join('.')}: ${issue!.message}`;
  }
  const { cancelled, ...entry } = parsed.data;
  const lasts = Date.parse(entry.ends) - Date.parse(entry.starts);
  if (lasts <= 0 || lasts > LONGEST_DAYS * DAY_MS)
    return `the calendar entry cannot be made: it must end after it starts, within ${LONGEST_DAYS} days`;
  return { ...entry, cancelled: cancelled ?? false };
}
