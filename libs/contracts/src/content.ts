import { z } from 'zod';

const id = z.uuid();

/** Networks an employee can share to. */
export const networks = ['linkedin', 'x', 'facebook', 'whatsapp', 'email', 'mastodon', 'bluesky'] as const;

/** What a post is about: the company, the field, a colleague, or a job. */
export const categories = ['company', 'third-party', 'employee', 'job'] as const;

/** What a measured figure of a share may be; deltas, so a correction downwards is negative. */
export const measuresSchema = z.strictObject({
  impressions: z.int().default(0),
  reactions: z.int().default(0),
  comments: z.int().default(0),
  reshares: z.int().default(0),
  leads: z.int().default(0),
  hires: z.int().default(0),
});

/** Why a source cannot be read. */
export const sourceFaults = [
  'unreachable',
  'refused',
  'http_error',
  'not_a_feed',
  'gone',
  'not_stored',
] as const;

/** Events told by the content service. */
export const contentEvents = {
  /** A post became available for sharing. */
  'content.published': z.strictObject({
    postId: id,
    category: z.string(),
    language: z.string(),
    source: z.string().nullable(),
    title: z.string().optional(),
    /** From the second time on: the how manieth time it is published. */
    occurrence: z.int().min(2).optional(),
  }),
  /** A person put something forward for the library. */
  'content.suggested': z.strictObject({ suggestionId: id, personId: id }),
  /** What a person put forward was published, once for each suggestion; becomes their activity suggestion.published. */
  'content.suggestion_published': z.strictObject({
    suggestionId: id,
    postId: id,
    personId: id,
    title: z.string(),
  }),
  /** A team, or the people of a language, have seen nothing new for so many days; told once until something comes. */
  'content.drought': z.strictObject({
    team: z.string().nullable(),
    language: z.string().nullable(),
    days: z.int(),
  }),
  /** A team is shown too many posts a week, or its shares for each post fall; told once until it is over. */
  'content.fatigue': z.strictObject({
    team: z.string(),
    reason: z.enum(['too_many', 'falling']),
    /** Posts of the last seven days, or shares for each post in per cent of the time before. */
    figure: z.number(),
    limit: z.number(),
  }),
  /** A source cannot be read: told once, after some tries where the fault may pass. It is tried on, but for one that is gone. */
  'source.broken': z.strictObject({
    sourceId: id,
    ownerId: id.nullable(),
    name: z.string(),
    reason: z.enum(sourceFaults),
  }),
  /** A source that was told to be broken can be read again. */
  'source.recovered': z.strictObject({ sourceId: id, ownerId: id.nullable(), name: z.string() }),
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
  /** A click that was believed and told of is not any more; what it earned is to be taken back. */
  'link.doubted': z.strictObject({
    clickId: id,
    shareId: id,
    postId: id,
    personId: id,
    network: z.enum(networks),
    reason: z.string(),
  }),
  /** A share really stands on its network, as the person or a partner said, or a credible click showed; told once. */
  'share.confirmed': z.strictObject({
    shareId: id,
    postId: id,
    personId: id,
    network: z.enum(networks),
    by: z.enum(['person', 'partner', 'click']),
  }),
  /** A share was taken back; what it earned is to be taken back. Told once. */
  'share.withdrawn': z.strictObject({ shareId: id, postId: id, personId: id, network: z.enum(networks) }),
  /** The time has come that a person chose for a share of their own. */
  'share.due': z.strictObject({
    plannedShareId: id,
    postId: id,
    personId: id,
    network: z.enum(networks),
    title: z.string(),
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
