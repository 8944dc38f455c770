import { handedOn } from '../env.js';
import type { Env } from '../env.js';
import { LaunchError } from '../errors.js';
import type { Ports, ServiceName } from './ports.js';
import type { SuiteOptions } from './suite.types.js';

/** The ports of the environment, or the defaults. */
export function portsOf(env: Env): Ports {
  return {
    content: env.LAUREL_PORT_CONTENT,
    engagement: env.LAUREL_PORT_ENGAGEMENT,
    notification: env.LAUREL_PORT_NOTIFICATION,
    mail: env.LAUREL_PORT_MAIL,
  };
}

/** One address per service, when all three are given; some of them only is a mistake. */
function databaseUrls(env: Env): Record<ServiceName, string> | undefined {
  const {
    DATABASE_URL_CONTENT: content,
    DATABASE_URL_ENGAGEMENT: engagement,
    DATABASE_URL_NOTIFICATION: notification,
  } = env;
  if (content && engagement && notification) return { content, engagement, notification };
  if (content || engagement || notification)
    throw new LaunchError(
      'Set all of DATABASE_URL_CONTENT, DATABASE_URL_ENGAGEMENT and DATABASE_URL_NOTIFICATION, or none of them.',
    );
  return undefined;
}

/** What the environment says of the suite: given servers instead of embedded ones, ports, secrets. */
export function suiteFromEnv(env: Env): Omit<SuiteOptions, 'stateDir'> {
  const {
    PUBLIC_CONTENT_URL,
    PUBLIC_ENGAGEMENT_URL,
    PUBLIC_NOTIFICATION_URL,
    HISTORY_MONTHS,
    TRUST_PROXY,
    METRICS_TOKEN,
    NODE_EXTRA_CA_CERTS,
  } = env;
  return {
    databaseUrls: databaseUrls(env),
    postgresUrl: env.DATABASE_URL,
    databasePrefix: env.LAUREL_DATABASE_PREFIX,
    natsUrl: env.NATS_URL,
    namespace: env.LAUREL_NAMESPACE,
    smtpUrl: env.SMTP_URL,
    secret: env.LAUREL_SECRET,
    ports: portsOf(env),
    logLevel: env.LOG_LEVEL,
    env: {
      ...env.channels,
      ...Object.fromEntries(handedOn.map((name) => [name, env[name]])),
      PUBLIC_CONTENT_URL,
      PUBLIC_ENGAGEMENT_URL,
      PUBLIC_NOTIFICATION_URL,
      HISTORY_MONTHS,
      TRUST_PROXY,
      METRICS_TOKEN,
      NODE_EXTRA_CA_CERTS,
    },
  };
}
