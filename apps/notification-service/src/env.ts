import { z } from 'zod';
import { channelVariables } from '#libs/contracts';
import { serviceEnv } from '#libs/platform';

const dkimKeys = ['DKIM_PRIVATE_KEY_FILE', 'DKIM_SELECTOR', 'DKIM_DOMAIN'] as const;

const settings = serviceEnv
  .extend({
    /** Where mail goes out: `smtp://…` (STARTTLS when offered) or `smtps://…`. */
    SMTP_URL: z.url({ protocol: /^smtps?$/ }),
    /** How many connections to it are open at most; one domain uses four in five of them unless programme.yaml says otherwise. */
    SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
    /** Signing by DKIM: the file of the private key (PEM), its selector and its domain; all three or none. */
    DKIM_PRIVATE_KEY_FILE: z.string().min(1).optional(),
    DKIM_SELECTOR: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i)
      .optional(),
    DKIM_DOMAIN: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i)
      .optional(),
    /** The programme as code: programme.yaml and templates/. */
    PROGRAMME_DIR: z.string().min(1),
    /** A folder of this service's own in which compiled templates are kept for the next start; without it each start compiles them. */
    TEMPLATE_CACHE_DIR: z.string().min(1).optional(),
    /** Path of a Chromium or Chrome that takes pictures of mails for previews; without it there are none. */
    CHROMIUM: z.string().min(1).optional(),
    /** The domain of the return paths, such as bounces.example.com; without it mails that come back go to the sender of the programme. */
    BOUNCE_DOMAIN: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain such as bounces.example.com')
      .max(190)
      .optional(),
    /** Where mails that come back are taken by SMTP; nowhere by default. Needs BOUNCE_DOMAIN. */
    BOUNCE_SMTP_PORT: z.coerce.number().int().min(0).max(65535).optional(),
    BOUNCE_SMTP_HOST: z.string().default('0.0.0.0'),
    /** So many mails that come back softly within so many days suppress an address. */
    BOUNCE_SOFT_LIMIT: z.coerce.number().int().min(1).default(5),
    BOUNCE_SOFT_DAYS: z.coerce.number().int().min(1).default(30),
    /** `host:port`s that channels may speak to although they are not public, and by http; for trials. */
    NOTIFICATION_ALLOW_HOSTS: z
      .string()
      .default('')
      .transform((text) => text.split(',').filter((host) => host !== '')),
    /** Every CHANNEL_… of the environment: what `$CHANNEL_…` in channels.yaml stands for. */
    CHANNELS: z.record(z.string(), z.string()),
  })
  .refine(
    (env) => new Set(dkimKeys.map((key) => env[key] === undefined)).size === 1,
    `${dkimKeys.join(', ')}: all three are needed, or none`,
  );
/** What the notification service reads of its environment. */
export const envSchema = z.preprocess(withChannels, settings);
export type Env = z.infer<typeof envSchema>;

function withChannels(source: unknown): unknown {
  const variables = source as Record<string, string | undefined>;
  return { ...variables, CHANNELS: channelVariables(variables) };
}
