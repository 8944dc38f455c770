import { z } from 'zod';
import { serviceEnv } from '#libs/platform';

/** What the engagement service needs of its environment. */
export const envSchema = serviceEnv.extend({
  /** Folder with programme.yaml, rules, badges, boards and workflows. */
  PROGRAMME_DIR: z.string().min(1),
  /** For how many months runs that have ended, their timelines and their intents are kept. */
  HISTORY_MONTHS: z.coerce.number().int().min(1).default(13),
  /** `host:port` list that workflows may call although not public, and without https; for tests and the demo. */
  ENGAGEMENT_ALLOW_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  /** Registered as the first admin key while there is none; otherwise one is made and printed once. */
  LAUREL_FIRST_ADMIN_KEY: z
    .string()
    .regex(/^lrl_[A-Za-z0-9_-]{43}$/, 'must be lrl_ and 43 URL-safe characters')
    .optional(),
});
export type Env = z.infer<typeof envSchema>;
