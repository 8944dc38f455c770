import { z } from 'zod';
import { topicSchema } from '#libs/contracts';
import { audienceMistake } from './audience.js';

/** A language such as en, as posts name it. */
export const languageSchema = z.string().regex(/^[a-z]{2,3}$/, 'is not a language such as en');

const names = z.array(z.string().trim().min(1).max(100)).min(1).max(200);

/** Whom a post is for: who meets every criterion, in one of its values. */
export const targetSchema = z
  .strictObject({
    teams: names.optional(),
    departments: names.optional(),
    locations: names.optional(),
    seniorities: names.optional(),
    languages: z.array(languageSchema).min(1).max(50).optional(),
    /** Topics that people follow. */
    interests: z.array(topicSchema).min(1).max(200).optional(),
    /** A condition on `person` in CEL. */
    audience: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .superRefine((source, context) => {
        const mistake = audienceMistake(source);
        if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
      })
      .optional(),
  })
  .refine(
    (target) => Object.keys(target).length > 0,
    'names nobody; name a criterion, or null for everybody',
  );
export type Target = z.infer<typeof targetSchema>;
