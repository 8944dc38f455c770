import { z } from 'zod';

/** A survey of one question with a scale; its words stand in the mail that asks. */
export const surveySchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().trim().min(1),
    kind: z.enum(['enps', 'pulse']),
    scale: z.strictObject({ from: z.int().min(0), to: z.int().max(10) }),
    /** A round is one such period; each is asked and published on its own. */
    per: z.enum(['week', 'month', 'quarter']),
    /** Results of fewer answers are never shown. */
    minimum: z.int().min(5).default(5),
  })
  .refine(({ scale }) => scale.from < scale.to, 'the scale must go upwards')
  .refine(
    ({ kind, scale }) => kind !== 'enps' || (scale.to === 10 && scale.from <= 1),
    'an eNPS is asked on a scale from 0 (or 1) to 10',
  );
export const surveysSchema = z.array(surveySchema);
export type Survey = z.infer<typeof surveySchema>;
