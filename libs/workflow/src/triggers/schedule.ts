import { z } from 'zod';
import { nextCron, parseCron } from '#libs/calendar';
import { checkDuration, checkZone, report } from '../checking.js';
import type { Checking } from '../checking.js';
import { triggerKind } from '../kinds.js';
import type { Path } from '../problem.js';

const schema = z.strictObject({
  schedule: z.string(),
  zone: z.string().optional(),
  misfire: z.enum(['last', 'all', 'skip']).optional(),
  max_age: z.string().optional(),
});

/** The settings of a schedule. */
export type ScheduleConfig = z.infer<typeof schema>;

/** schedule: five-field cron in a zone, or in everybody's own zone; missed firings follow misfire and max_age. */
export const schedule = triggerKind<ScheduleConfig>({
  kind: 'schedule',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts at local times.',
    details:
      'Five fields as in cron: minute, hour, day of the month, month, day of the week. In the zone named, or with zone: recipient at that time wherever each person of the audience lives. After an outage misfire says what is made up for: the last firing missed (unless told otherwise), all of them, or none (skip); nothing older than max_age, which is 2h unless told.',
    example: 'on: { schedule: "0 9 * * MON", zone: Europe/Rome, misfire: last, max_age: 2h }',
  },

  check(config, checking, path) {
    checkCron(config.schedule, checking, [...path, 'schedule']);
    if (config.zone !== undefined) checkZone(checking, [...path, 'zone'], config.zone);
    if (config.max_age !== undefined) checkDuration(checking, [...path, 'max_age'], config.max_age);
  },

  eventTypes: () => [],
  weigh: () => ({ starts: false, reason: 'a schedule listens to no event' }),
});

function checkCron(text: string, checking: Checking, path: Path): void {
  const parsed = parseCron(text);
  if (!parsed.ok) return report(checking, path, `"${text}" is no schedule`, parsed.error);
  // Any moment serves to see whether the date exists at all; the search covers every leap year.
  if (nextCron(parsed.cron, 'UTC', 0) === null)
    report(checking, path, `"${text}" names a date that never comes`, 'check day and month');
}
