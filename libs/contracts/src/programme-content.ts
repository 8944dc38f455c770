import { z } from 'zod';
import { categories } from './content.js';

/** A subject that posts are about and people follow, such as sustainability or life-at-northwind. */
export const topicSchema = z
  .string()
  .regex(/^[\p{L}\p{N}]([\p{L}\p{N} _-]{0,48}[\p{L}\p{N}])?$/u, 'is not a topic of at most 50 letters');

const percent = z.number().min(0).max(100);
/** Read as a number of days. */
const days = z
  .string()
  .regex(/^[1-9]\d{0,2}d$/, 'must be a number of days such as "30d"')
  .transform((text) => Number.parseInt(text, 10));

/** `content` of `programme.yaml`: who looks at posts before they are published, and what a good mix and supply are. */
export const contentSettingsSchema = z.strictObject({
  /** How many others must approve a post that somebody wrote. Feeds say for themselves where their posts go. */
  approvals: z.int().min(0).max(5).default(0),
  /** The topics there are; any without the list. */
  topics: z.array(topicSchema).min(1).max(200).optional(),
  /** By language: what is added to shared texts, such as "#employee"; a post may have its own. */
  disclosure: z.record(z.string(), z.string().trim().min(1).max(200)).optional(),
  /** `utm_campaign` of tracked links; a post whose address has one of its own keeps that. */
  campaign: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, ".", "_" or "-"')
    .default('laurel'),
  /** Per cent of what is published, by category. */
  mix: z
    .partialRecord(z.enum(categories), percent)
    .refine(
      (mix) => Math.abs(Object.values(mix).reduce((sum, share) => sum + share, 0) - 100) < 0.01,
      'the shares must add up to 100',
    )
    .optional(),
  /** Per cent of what is published that may ask people to do something. */
  calls_to_action: percent.optional(),
  /** How far the mix looks back. */
  window: days.default(30),
  /** A team or a language without anything new for so long is told of (content.drought). */
  drought: days.optional(),
  /** Teams beyond these are told of (content.fatigue). */
  fatigue: z
    .strictObject({
      posts_per_week: z.int().min(1).max(1000).optional(),
      /** Shares for each post of the last two weeks, in per cent of the two weeks before. */
      shares_fall_to: percent.optional(),
    })
    .optional(),
});
export type ContentSettings = z.infer<typeof contentSettingsSchema>;
