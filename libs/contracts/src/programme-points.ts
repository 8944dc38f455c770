import { z } from 'zod';

/** `points:` of programme.yaml: what all rules together may give, and how long points keep. */
export const pointsSettingsSchema = z.strictObject({
  /** At most so many points in a period of the programme's zone, over everybody and every rule. */
  budgets: z
    .array(
      z.strictObject({
        per: z.enum(['day', 'week', 'month', 'quarter', 'all_time']),
        points: z.int().positive(),
      }),
    )
    .default([]),
  /** Points that nobody has spent so long after they were earned are gone; without it they keep for ever. */
  expire_after: z
    .string()
    .regex(/^[1-9]\d{0,3}(mo|w|d)$/, 'is not a time such as 12mo, 52w or 365d')
    .optional(),
});
