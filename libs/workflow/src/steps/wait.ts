import { z } from 'zod';
import { isUntil, localDateTime, nextWait, parseDuration } from '#libs/calendar';
import { checkDuration, checkTime, checkZone, report } from '../checking.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import { calendarFor } from '../world.js';

const schema = z.strictObject({
  for: z.string().optional(),
  since: z.enum(['start', 'previous']).optional(),
  until: z.string().optional(),
  at: z.string().optional(),
  days: z.enum(['any', 'working']).optional(),
  zone: z.string().optional(),
});
type WaitConfig = z.infer<typeof schema>;

/** wait: until a local moment, counted from the start of the run or from the step before. */
export const wait = stepKind<WaitConfig>({
  kind: 'wait',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Waits for a length of time, to a local time, on any or working days.',
    example: 'wait: { for: 2d, since: start, at: "09:00", days: working }',
  },
  shorthand: (value) => (typeof value === 'string' ? { for: value } : value),

  check(config, checking, { path }) {
    if (config.for === undefined && config.until === undefined && config.at === undefined)
      report(checking, path, 'the wait says no length', 'add for: 2d, until: or at:');
    if (config.for !== undefined && config.until !== undefined)
      report(checking, path, 'the wait has both for and until', 'keep one of them');
    if (config.for !== undefined) checkDuration(checking, [...path, 'for'], config.for);
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

  advance(config, turn) {
    const { dueAt, zone } = dueOf(config, turn);
    const when = `${localDateTime(dueAt, zone).replace('T', ' ')} (${zone})`;
    if (dueAt <= turn.now)
      return { outcome: 'passed', reason: `the moment waited for, ${when}, has come`, input: config };
    return staying(turn, dueAt, `waits until ${when}`, config);
  },
});

function staying(turn: Turn, dueAt: number, reason: string, input: WaitConfig): Outcome {
  const effects = [{ type: 'setTimer' as const, stepId: turn.step.id, dueAt }];
  return { outcome: 'waiting', go: 'stay', status: 'waiting', dueAt, reason, effects, input };
}

function dueOf(config: WaitConfig, turn: Turn): { dueAt: number; zone: string } {
  const defaults = turn.definition.calendar;
  const calendar = calendarFor(turn.world, config.zone ?? defaults.zone);
  const length = config.for === undefined ? null : parseDuration(config.for);
  const dueAt = nextWait({
    from: sinceOf(config, turn),
    for: length?.ok ? length.duration : undefined,
    until: config.until,
    at: config.at ?? defaults.at,
    days: config.days ?? defaults.days,
    calendar,
  });
  return { dueAt, zone: calendar.zone };
}

function sinceOf(config: WaitConfig, { run, now }: Turn): number {
  return (config.since === 'start' ? run.startedAt : run.cursorSince) ?? now;
}
