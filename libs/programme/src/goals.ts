import { z } from 'zod';

/** A goal: what a metric of the whole programme should have come to so many months after the launch. */
export const goalSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().trim().min(1),
  metric: z.string(),
  target: z.number().positive(),
  after_months: z.int().min(1).max(36),
});
export const goalsSchema = z.array(goalSchema);
export type Goal = z.infer<typeof goalSchema>;
