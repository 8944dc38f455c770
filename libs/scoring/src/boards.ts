import { z } from 'zod';
import { isZone, parseDuration } from '#libs/calendar';

/** A leaderboard: points over calendar periods in one named zone, frozen after a grace for late events. */
export const boardSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  metric: z.literal('points', { error: 'a board counts "points"' }),
  period: z.enum(['day', 'week', 'month', 'quarter']),
  zone: z.string().refine(isZone, 'is not an IANA time zone such as Europe/Rome'),
  grace: z
    .string()
    .refine((text) => parseDuration(text).ok, 'is not a duration such as 12h')
    .default('12h'),
});
export const boardsSchema = z.array(boardSchema);
export type Board = z.infer<typeof boardSchema>;
