import { z } from 'zod';
import { categories } from '#libs/contracts';

const source = {
  name: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }).max(2000),
  category: z.enum(categories),
  language: z.string().regex(/^[a-z]{2,3}$/, 'is not a language such as en'),
  everyHours: z
    .int()
    .min(1)
    .max(24 * 7),
  to: z.enum(['review', 'library']),
  ownerId: z.uuid().toLowerCase().nullable(),
};

/** A new source. */
export const newSourceSchema = z.strictObject({
  ...source,
  language: source.language.default('en'),
  everyHours: source.everyHours.default(6),
  to: source.to.default('library'),
  ownerId: source.ownerId.default(null),
});
export type NewSource = z.infer<typeof newSourceSchema>;

/** What of a source is to be different. */
export const sourceEditSchema = z.strictObject(source).partial();
export type SourceEdit = z.infer<typeof sourceEditSchema>;
