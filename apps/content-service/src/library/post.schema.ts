import { z } from 'zod';
import { categories, networks, topicSchema } from '#libs/contracts';
import { languageSchema, targetSchema } from '../targeting/target.schema.js';
import { postStatuses } from './post-states.js';
import { webUrl } from './web-url.js';

const instant = z.iso.datetime({ offset: true, error: 'is not an instant such as 2026-03-02T09:00:00Z' });
const hashtag = z
  .string()
  .transform((text) => text.replace(/^#/, ''))
  .pipe(z.string().regex(/^[\p{L}\p{N}_]{1,100}$/u, 'is not a hashtag of at most 100 letters, digits and _'));
const text = z.strictObject({
  network: z.enum(networks),
  language: languageSchema,
  text: z.string().trim().min(1).max(65_536),
});
const onceEach = (texts: readonly z.infer<typeof text>[]): boolean =>
  new Set(texts.map(({ network, language }) => `${network} ${language}`)).size === texts.length;

const content = {
  title: z.string().trim().min(1).max(300),
  url: webUrl,
  summary: z.string().trim().max(2000).default(''),
  imageUrl: webUrl.nullable().default(null),
  category: z.enum(categories),
  language: languageSchema.default('en'),
  topics: z.array(topicSchema).max(20).default([]),
  hashtags: z.array(hashtag).max(30).default([]),
  /** Ready to be shared; each must fit its network with link, hashtags and disclosure. */
  texts: z.array(text).max(100).refine(onceEach, 'has two texts for one network and language').default([]),
  /** Null: that of the programme. Empty: none. */
  disclosure: z.string().trim().max(200).nullable().default(null),
  callToAction: z.boolean().default(false),
  /** Null: everybody. */
  target: targetSchema.nullable().default(null),
  expiresAt: instant.nullable().default(null),
  /** Evergreen: it comes out again every so many weeks until then. */
  repeatWeeks: z.int().min(1).max(52).nullable().default(null),
  repeatUntil: instant.nullable().default(null),
};
const bothOrNone = ({ repeatWeeks, repeatUntil }: { repeatWeeks: unknown; repeatUntil: unknown }): boolean =>
  (repeatWeeks === null) === (repeatUntil === null);
const repeating = { path: ['repeatUntil'], message: 'goes together with repeatWeeks: give both, or neither' };

/** A new post. */
export const newPostSchema = z
  .strictObject({
    ...content,
    /** Keeps it back until somebody, or a workflow, publishes it. */
    draft: z.boolean().default(false),
  })
  .refine(bothOrNone, repeating);

/** The whole content of a post anew; `version` is the one it was made from. */
export const editSchema = z
  .strictObject({ ...content, version: z.int().min(1) })
  .refine(bothOrNone, repeating);

/** Which posts to list. */
export const listQuery = z.strictObject({
  /** Words, or beginnings of words, that all stand in title, summary, texts or topics. */
  q: z.string().trim().min(1).max(200).optional(),
  category: z.enum(categories).optional(),
  topic: topicSchema.optional(),
  language: z.string().max(10).optional(),
  status: z.enum(postStatuses).optional(),
  source: z.uuid().optional(),
  from: instant.optional(),
  to: instant.optional(),
  draft: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** The id of the last post of the page before. */
  after: z.uuid().optional(),
});
export type PostFilter = z.infer<typeof listQuery>;
