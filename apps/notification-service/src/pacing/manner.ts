import { z } from 'zod';
import { parseDuration, roughLength } from '#libs/calendar';
import { mailTopics } from '#libs/contracts';

/** How much a mail hurries: urgent ones neither wait nor count, low ones are the first to share a mail with others. */
export const priorities = ['urgent', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** What the sample file of a template says of its manner; read as milliseconds: `expires_after`. */
export const mannerShape = {
  topic: z.enum(mailTopics).default('programme'),
  priority: z.enum(priorities).default('normal'),
  /** After so long it comes too late and is not sent. */
  expires_after: z
    .string()
    .transform((text, context) => {
      const parsed = parseDuration(text);
      if (parsed.ok) return roughLength(parsed.duration);
      context.addIssue({ code: 'custom', message: parsed.error });
      return z.NEVER;
    })
    .optional(),
};
const mannerSchema = z.strictObject(mannerShape);
export type Manner = z.infer<typeof mannerSchema>;

/** The manner of a template that says nothing of it. */
export const plainManner: Manner = mannerSchema.parse({});
