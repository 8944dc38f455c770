import { z } from 'zod';

/** Injection token of the service's checked environment. */
export const ENV = Symbol('ENV');

/** Environment that every service understands; a service extends it with its own keys. */
export const serviceEnv = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  DATABASE_URL: z.url(),
  NATS_URL: z.string().min(1),
  /** Begins the names of the stream and of all subjects; the services of one suite share it. */
  LAUREL_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and _')
    .default('laurel'),
  /** Signs links in mails. There is no default: a secret everybody knows is none. */
  LAUREL_SECRET: z.string().min(32, 'must have at least 32 characters'),
  LAUREL_CLOCK: z.enum(['system', 'virtual']).default('system'),
  LAUREL_CLOCK_START: z.iso.datetime().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Opens `GET /metrics` and nothing else; without it only an admin key does. */
  METRICS_TOKEN: z.literal('').or(z.string().min(16, 'must have at least 16 characters')).optional(),
  /** Addresses or networks whose X-Forwarded-For is believed, comma-separated; nobody by default. */
  TRUST_PROXY: z.string().optional(),
  PUBLIC_CONTENT_URL: z.url(),
  PUBLIC_ENGAGEMENT_URL: z.url(),
  PUBLIC_NOTIFICATION_URL: z.url(),
});
export type ServiceEnv = z.infer<typeof serviceEnv>;

/** Reads and checks the environment once. Throws one error naming every bad key, never a value. */
export function readEnv<S extends z.ZodType>(
  schema: S,
  source: Record<string, string | undefined>,
): z.infer<S> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`);
}
