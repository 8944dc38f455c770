import { z } from 'zod';
import { serviceEnv } from '#libs/platform';

/** What the content service needs of its environment. */
export const envSchema = serviceEnv.extend({
  /** `host:port` list that feeds may be fetched from although not public; for the demo's own feeds. */
  CONTENT_ALLOW_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
});
export type Env = z.infer<typeof envSchema>;
