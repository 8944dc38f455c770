import { z } from 'zod';

const weekday = z.enum(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "09:00"');
const domain = z
  .string()
  .regex(/^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/, 'is neither "*" nor a domain such as gmail.com');

/** What mails can be about; a person chooses among them, and each template names its own. */
export const mailTopics = [
  'invitations',
  'content',
  'recognition',
  'boards',
  'surveys',
  'rewards',
  'programme',
  'tasks',
] as const;
export type MailTopic = (typeof mailTopics)[number];

/** `mail:` of programme.yaml: how many mails a person gets, when, and how fast a mail domain is written to. */
export const mailSettingsSchema = z.strictObject({
  /** Mails to a person in any so many days, across all workflows; urgent ones neither wait nor count. Without it there is no limit. */
  cap: z
    .strictObject({
      mails: z.number().int().min(1).max(100),
      days: z.number().int().min(1).max(31).default(7),
    })
    .optional(),
  /** When the digest goes out where its reader lives, unless the reader chose otherwise: on working days, or once a week. */
  digest: z
    .strictObject({
      every: z.enum(['daily', 'weekly']).default('weekly'),
      on: weekday.default('FRI'),
      at: timeOfDay.default('09:00'),
    })
    .prefault({}),
  /** `working`: what is not urgent waits for a working day of its recipient. */
  days: z.enum(['any', 'working']).default('any'),
  /** How fast the mail servers of a domain are written to; "*" stands for every domain that is not named. */
  domains: z
    .record(
      domain,
      z.strictObject({
        concurrent: z.number().int().min(1).max(100).default(8),
        per_minute: z.number().int().min(1).default(6000),
      }),
    )
    .default({}),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;
