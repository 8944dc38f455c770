import { z } from 'zod';
import { isUntil } from '#libs/calendar';
import { checkDuration, checkTime, checkZone, report } from '../checking.js';
import { stepKind } from '../kinds.js';
import type { Turn } from '../kinds.js';
import { reckon } from '../reckoning.js';

const schema = z.strictObject({
  for: z.string().optional(),
  since: z.enum(['start', 'previous']).optional(),
  until: z.string().optional(),
  at: z.string().optional(),
  days: z.enum(['any', 'working']).optional(),
  zone: z.string().optional(),
  spread: z.string().optional(),
});
type WaitConfig = z.infer<typeof schema>;

/** wait: until a local moment, counted from the start of the run or from the step before. */
export const wait = stepKind<WaitConfig>({
  kind: 'wait',
  role: 'gate',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Waits for a length of time, to a local time, on any or working days.',
    details:
      'The wait is always the first thing its step does. It counts in the time of the person: "2d at 09:00" means nine in the morning two days later, where they live. With since: start it counts from what started the run, so that a chain of reminders does not drift over weekends; otherwise it counts from the step before. days: working skips weekends, holidays and leave. spread lets people wait a little longer, each another while, so that not everybody is written to in the same minute.',
    example:
      'wait: { for: 2d, since: start, at: "09:00", days: working }\nsend: { template: invite-reminder }',
    examples: [
      'wait: 3h\nsend: { template: validation-personal }',
      'wait: { until: 2026-03-01T09:00, spread: 30m }\nsend: { template: validation-personal }',
    ],
  },
  shorthand: (value) => (typeof value === 'string' ? { for: value } : value),

  check(config, checking, { path }) {
    if ([config.for, config.until, config.at, config.spread].every((each) => each === undefined))
      report(checking, path, 'the wait says no length', 'add for: 2d, until: or at:');
    if (config.for !== undefined && config.until !== undefined)
      report(checking, path, 'the wait has both for and until', 'keep one of them');
    if (config.for !== undefined) checkDuration(checking, [...path, 'for'], config.for);
    if (config.spread !== undefined) checkDuration(checking, [...path, 'spread'], config.spread);
    if (config.at !== undefined) checkTime(checking, [...path, 'at'], config.at);
    if (config.zone !== undefined) checkZone(checking, [...path, 'zone'], config.zone);
    if (config.until !== undefined && !isUntil(config.until))
      report(
        checking,
        [...path, 'until'],
        `"${config.until}" is no local date-time`,
        'write for example 2026-03-01T09:00',
      );
  },

  waiting: (config, turn) => ({ dueAt: due(config, turn).dueAt, awaits: null }),

  advance(config, turn) {
    const { dueAt, words } = due(config, turn);
    return dueAt <= turn.now
      ? { outcome: 'passed', reason: `the moment waited for, ${words}, has come`, input: config }
      : { outcome: 'waiting', go: 'stay', dueAt, reason: `waits until ${words}`, input: config };
  },
});

function due(config: WaitConfig, turn: Turn): { dueAt: number; words: string } {
  const { run, now } = turn;
  const since = config.since === 'start' ? run.startedAt : run.cursorSince;
  return reckon(config, since ?? now, turn);
}
