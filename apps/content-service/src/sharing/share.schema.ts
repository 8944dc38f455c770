import { z } from 'zod';
import { networks } from '#libs/contracts';
import { webUrl } from '../library/web-url.js';

/** Ids travel in events, where they are compared as texts. */
export const idSchema = z.uuid().transform((text) => text.toLowerCase());

/** What somebody shares where, in which words. Each network's own limit is looked at when disclosure and link are known. */
export const shareSchema = z.strictObject({
  postId: idSchema,
  personId: idSchema,
  network: z.enum(networks),
  caption: z.string().trim().max(60_000).default(''),
});
export type NewShare = z.infer<typeof shareSchema>;

/** One header for each attempt to share: trying again with the same value shares nothing twice. */
export const keySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must have 1 to 200 visible ASCII characters')
  .optional();

/** A share that a partner saw made elsewhere; `externalId` is the partner's own, so that telling it again is harmless. */
export const reportedSchema = z.strictObject({
  externalId: z.string().trim().min(1).max(200),
  postId: idSchema,
  personId: idSchema,
  network: z.enum(networks),
  caption: z.string().trim().max(60_000).default(''),
  /** Where it stands on the network. */
  postUrl: webUrl.nullish(),
  sharedAt: z.iso.datetime({ offset: true }).optional(),
});
export type Reported = z.infer<typeof reportedSchema>;

export const planSchema = z.strictObject({
  ...shareSchema.shape,
  at: z.iso.datetime({ offset: true }),
});
export const planPatchSchema = z.strictObject({
  caption: shareSchema.shape.caption.unwrap().optional(),
  at: planSchema.shape.at.optional(),
});
export type PlanPatch = z.infer<typeof planPatchSchema>;
