import { z } from 'zod';

/** What may be named by `$…`: nothing else of the environment, so that no programme can send another secret away. */
const secret = z
  .string()
  .regex(/^\$CHANNEL_[A-Z0-9_]{1,60}$/, 'names an environment variable such as $CHANNEL_EVERYBODY');
const https = z.url({ protocol: /^https$/, error: 'is neither an https address nor $CHANNEL_…' });

const named = {
  id: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  /** What people know it by. */
  name: z.string().trim().min(1).max(80),
  /** The language of what is posted; without it the first of the programme. */
  locale: z.string().min(2).max(20).optional(),
};

/** A place beside the mailbox that messages go to; addresses that are secrets stand in the environment. */
export const channelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...named, kind: z.enum(['slack', 'teams']), url: secret }),
  z.strictObject({
    ...named,
    kind: z.literal('webhook'),
    url: z.union([secret, https], 'is neither an https address nor $CHANNEL_…'),
    /** What it is signed with, and what it was signed with before, while that changes; without it a secret of the suite's own. */
    secret: secret.optional(),
    previous_secret: secret.optional(),
    /** People may choose it for themselves: it is told whom a message is for, and a bot of the company hands it over. */
    personal: z.boolean().default(false),
  }),
]);
/** `channels.yaml` */
export const channelsSchema = z.array(channelSchema);
export type ChannelSettings = z.infer<typeof channelSchema>;

/** Every CHANNEL_… of an environment: which there are is up to the programme, so they are taken together; an empty one counts as none. */
export const channelVariables = (source: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source).filter(
      (entry): entry is [string, string] => entry[0].startsWith('CHANNEL_') && Boolean(entry[1]),
    ),
  );
