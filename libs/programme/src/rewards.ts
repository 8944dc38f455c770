import { z } from 'zod';
import { MOST_POINTS } from '#libs/scoring';

/** A reward people may claim for points. */
export const rewardSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().min(1),
  /** What it is; much that people value is no thing. */
  kind: z.enum(['thing', 'voucher', 'experience', 'time', 'learning', 'donation']).default('thing'),
  /** In points. */
  price: z.int().positive().max(MOST_POINTS),
  /** How many there are in all; without it there is no end to them. */
  stock: z.int().positive().max(MOST_POINTS).optional(),
  /** How many one person may have in all. */
  per_person: z.int().positive().max(MOST_POINTS).optional(),
  /** Who hands it over: an address that is called, signed, when a claim is approved; without it a person does. */
  webhook: z
    .url({ protocol: /^https?$/, error: 'is not an address such as https://shop.example/laurel' })
    .optional(),
});
export const rewardsSchema = z.array(rewardSchema);
export type Reward = z.infer<typeof rewardSchema>;

/** How many points all claims of a period may come to, together or (`each`) for each department. */
export const rewardBudgetSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  points: z.int().positive(),
  per: z.enum(['month', 'quarter']),
  each: z.literal('department').optional(),
  /** Of these rewards only. */
  rewards: z.array(z.string()).min(1).optional(),
});
export const rewardBudgetsSchema = z.array(rewardBudgetSchema);
export type RewardBudget = z.infer<typeof rewardBudgetSchema>;
