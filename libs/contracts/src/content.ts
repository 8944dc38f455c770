import { z } from 'zod';

const id = z.uuid();

/** Networks an employee can share to. */
export const networks = ['linkedin', 'x', 'facebook', 'whatsapp', 'email', 'mastodon', 'bluesky'] as const;

/** What a measured figure of a share may be; deltas, so a correction downwards is negative. */
export const measuresSchema = z.strictObject({
  impressions: z.int().default(0),
  reactions: z.int().default(0),
  comments: z.int().default(0),
  reshares: z.int().default(0),
  leads: z.int().default(0),
  hires: z.int().default(0),
});

/** Events told by the content service. */
export const contentEvents = {
  /** A post became available for sharing. */
  'content.published': z.strictObject({
    postId: id,
    category: z.string(),
    language: z.string(),
    source: z.string().nullable(),
    title: z.string().optional(),
  }),
  /** A person shared a post; the tracked link of the share is live. */
  'content.shared': z.strictObject({ shareId: id, postId: id, personId: id, network: z.enum(networks) }),
  /** Somebody followed a tracked link. `credible` is false for bots and repeats, with the reasons. */
  'link.clicked': z.strictObject({
    clickId: id,
    shareId: id,
    postId: id,
    personId: id,
    network: z.enum(networks),
    credible: z.boolean(),
    reasons: z.array(z.string()),
  }),
  /** Figures of a share as differences to what was told before. */
  'share.measured': z.strictObject({
    shareId: id,
    postId: id,
    personId: id,
    network: z.enum(networks),
    ...measuresSchema.shape,
  }),
};
