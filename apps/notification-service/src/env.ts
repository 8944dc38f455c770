import { z } from 'zod';
import { serviceEnv } from '#libs/platform';

/** What the notification service reads of its environment. */
export const envSchema = serviceEnv.extend({
  /** Where mail goes out: `smtp://…` (STARTTLS when offered) or `smtps://…`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** The programme as code: programme.yaml and templates/. */
  PROGRAMME_DIR: z.string().min(1),
});
export type Env = z.infer<typeof envSchema>;
