import { z } from 'zod';
import { addDuration, localToInstant, parseDuration, periodOf, previousPeriod } from '#libs/calendar';
import { graceSchema, stretchOf, zoneSchema } from './boards.js';
import type { Stretch } from './boards.js';
import { MOST_POINTS } from './rules.js';

const date = z.iso.date('is not a date such as 2026-03-01');

/** A goal for a time: for each person, for each team, or for everybody together. */
export const challengeSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().min(1),
    description: z.string().min(1).optional(),
    kind: z.enum(['personal', 'team', 'collective']),
    /** `points`, or a metric of metrics.yaml. */
    metric: z.string().min(1),
    target: z.number().positive(),
    /** Again in every such period … */
    period: z.enum(['day', 'week', 'month', 'quarter']).optional(),
    /** … or once, from one date to another, both included. */
    from: date.optional(),
    to: date.optional(),
    /** Only people for whom this holds take part. */
    for: z.string().min(1).optional(),
    /** What everybody gets who has had a part in it. */
    reward: z
      .strictObject({ points: z.int().positive().max(MOST_POINTS).optional(), badge: z.string().optional() })
      .refine(({ points, badge }) => points !== undefined || badge !== undefined, '"points", "badge" or both')
      .optional(),
    zone: zoneSchema,
    grace: graceSchema,
  })
  .refine(
    ({ period, from, to }) => [from, to].every((one) => (one === undefined) === (period !== undefined)),
    {
      error: 'a challenge has "period", or both "from" and "to"',
    },
  )
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: '"to" is not before "from"',
  });
export const challengesSchema = z.array(challengeSchema);
export type Challenge = z.infer<typeof challengeSchema>;

/** The periods of a challenge that still count at an instant: the running one, and the one before while its grace lasts. */
export function openStretches(challenge: Challenge, now: number): Stretch[] {
  return stretchesAt(challenge, now).filter(
    (stretch) => stretch.start <= now && now < closesAt(challenge, stretch),
  );
}

/** The period to show at an instant: the running one, of a single one that is it. */
export const stretchToShow = (challenge: Challenge, now: number): Stretch => stretchesAt(challenge, now)[0]!;

function stretchesAt({ period, from, to, zone }: Challenge, now: number): Stretch[] {
  if (period !== undefined) {
    const running = periodOf(period, now, zone);
    return [running, previousPeriod(running, zone)].map((one) => stretchOf(one, zone));
  }
  const start = localToInstant(from!, '00:00', zone);
  const end = localToInstant(dayAfter(to!), '00:00', zone);
  return [{ kind: 'day', key: `${from}..${to}`, start, end, from: from!, to: dayAfter(to!) }];
}

/** Dates have no zone, so any one zone gives the same answer. */
const dayAfter = (day: string): string =>
  stretchOf(periodOf('day', localToInstant(day, '12:00', 'UTC'), 'UTC'), 'UTC').to;

function closesAt({ grace, zone }: Challenge, { end }: Stretch): number {
  const length = parseDuration(grace);
  return length.ok ? addDuration(end, length.duration, zone) : end;
}
