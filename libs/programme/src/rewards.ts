import { z } from 'zod';

/** A reward people may claim for points. */
export const rewardSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().min(1),
  /** In points. */
  price: z.int().positive(),
  /** How many there are in all; without it there is no end to them. */
  stock: z.int().positive().optional(),
  /** How many one person may have in all. */
  per_person: z.int().positive().optional(),
});
export const rewardsSchema = z.array(rewardSchema);
export type Reward = z.infer<typeof rewardSchema>;
