import { z } from 'zod';
import { isZone, localDate, parseDuration } from '#libs/calendar';
import type { Period } from '#libs/calendar';

/** Where a calendar period begins and ends, for everybody on a board. */
export const zoneSchema = z.string().refine(isZone, 'is not an IANA time zone such as Europe/Rome');

/** How long late events still count after a period. */
export const graceSchema = z
  .string()
  .refine((text) => parseDuration(text).ok, 'is not a duration such as 12h')
  .default('12h');

/** A leaderboard: points or a metric over calendar periods in one named zone, frozen after a grace for late events. */
export const boardSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().min(1),
    /** `points`, or a metric of metrics.yaml; a metric counts on the local days of each person. */
    metric: z.string().min(1),
    period: z.enum(['day', 'week', 'month', 'quarter', 'all_time']),
    /** Who is ranked. */
    of: z.enum(['people', 'team', 'department', 'location']).default('people'),
    /** Groups by the mean of their people who are there, not by the sum, so that small ones can win. */
    per: z.literal('head').optional(),
    /** Only people for whom this holds, such as `person.department == "Sales"`. */
    for: z.string().min(1).optional(),
    zone: zoneSchema,
    grace: graceSchema,
  })
  .refine((board) => board.per === undefined || board.of !== 'people', {
    path: ['per'],
    error: '"per: head" is for boards of a team, department or location',
  });
export const boardsSchema = z.array(boardSchema);
export type Board = z.infer<typeof boardSchema>;

/** A period as instants and as local dates, both half-open. */
export interface Stretch extends Period {
  from: string;
  to: string;
}

/** The local dates of a period beside its instants: points count by the instant, metrics by the person's own day. */
export const stretchOf = (period: Period, zone: string): Stretch => ({
  ...period,
  from: localDate(period.start, zone),
  to: localDate(period.end, zone),
});
