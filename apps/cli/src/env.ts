import { z } from 'zod';
import { channelVariables } from '#libs/contracts';
import { LaunchError } from './errors.js';

const port = z.coerce.number().int().min(1).max(65535);
const address = z.string().min(1).optional();

/** Settings of single services that the launcher hands on as they are; the service itself checks them. */
export const handedOn = [
  'CONTENT_UNFURL',
  'CLICK_JOURNAL_DIR',
  'CLICK_JOURNAL_MB',
  'CLICK_JOURNAL_FSYNC',
  'CLICK_HASTE_SECONDS',
  'SMTP_CONNECTIONS',
  'DKIM_PRIVATE_KEY_FILE',
  'DKIM_SELECTOR',
  'DKIM_DOMAIN',
  'BOUNCE_DOMAIN',
  'BOUNCE_SMTP_PORT',
  'BOUNCE_SMTP_HOST',
  'BOUNCE_SOFT_LIMIT',
  'BOUNCE_SOFT_DAYS',
  'CHROMIUM',
  'TEMPLATE_CACHE_DIR',
  'NOTIFICATION_ALLOW_HOSTS',
] as const;
const settings = Object.fromEntries(handedOn.map((name) => [name, address])) as Record<
  (typeof handedOn)[number],
  typeof address
>;

/** What the launcher understands of the environment; what is absent, it starts or makes itself. */
const schema = z.object({
  ...settings,
  DATABASE_URL: address,
  DATABASE_URL_CONTENT: address,
  DATABASE_URL_ENGAGEMENT: address,
  DATABASE_URL_NOTIFICATION: address,
  LAUREL_DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/, 'must be lower-case letters, digits and _')
    .default('laurel'),
  NATS_URL: address,
  LAUREL_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and _')
    .default('laurel'),
  LAUREL_NATS_SERVER: address,
  SMTP_URL: address,
  LAUREL_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  LAUREL_PORT_CONTENT: port.default(4010),
  LAUREL_PORT_ENGAGEMENT: port.default(4020),
  LAUREL_PORT_NOTIFICATION: port.default(4030),
  LAUREL_PORT_MAIL: port.default(4040),
  PUBLIC_CONTENT_URL: address,
  PUBLIC_ENGAGEMENT_URL: address,
  PUBLIC_NOTIFICATION_URL: address,
  TRUST_PROXY: address,
  HISTORY_MONTHS: z
    .string()
    .regex(/^[1-9]\d*$/, 'must be a whole number of months, at least 1')
    .optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Handed on to the services: Node itself reads it at their start. */
  NODE_EXTRA_CA_CERTS: address,
  PATH: z.string().default(''),
  npm_lifecycle_event: z.string().optional(),
});

/** The launcher's environment, read and checked once. */
export type Env = z.infer<typeof schema> & {
  /** Every CHANNEL_…, for the channels of the programme. */
  channels: Record<string, string>;
};

/** Reads the environment; throws one message naming every bad key, never a value. An empty value counts as absent. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return { ...result.data, channels: channelVariables(given) };
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new LaunchError(`The environment cannot be used:\n${lines.join('\n')}`);
}
