import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { Namespace } from '#libs/contracts';
import { dropDatabases } from '../embedded/databases.js';
import type { Env } from '../env.js';
import { codeOf, LaunchError } from '../errors.js';
import { databaseNames } from '../suite/parts.js';

/** The databases the demo makes for itself; it drops them at the next start, so the name is its own. */
export const DEMO_PREFIX = 'laurel_demo';
/** What the demo calls its stream and subjects, so that on a shared broker it takes nothing of a live suite. */
export const DEMO_NAMESPACE = 'laurel_demo';

/** JetStream's code for "stream not found". */
const STREAM_MISSING = 10059;

const OWN_DATABASES = 'the demo makes databases of its own';
/** What is meant for the real suite and means nothing to a demo. */
const UNUSED = {
  SMTP_URL: 'the demo reads its own mails',
  DATABASE_URL_CONTENT: OWN_DATABASES,
  DATABASE_URL_ENGAGEMENT: OWN_DATABASES,
  DATABASE_URL_NOTIFICATION: OWN_DATABASES,
} as const;

/** The environment without what the demo does not use, and a line for each that was given. */
export function demoEnv(given: Env): { env: Env; notes: string[] } {
  const names = (Object.keys(UNUSED) as (keyof typeof UNUSED)[]).filter((name) => given[name]);
  const notes = names.map((name) => `${UNUSED[name]}: ${name} is not used`);
  return { env: { ...given, ...Object.fromEntries(names.map((name) => [name, undefined])) }, notes };
}

/** On a server of the user's, last time's demo is dropped, and nothing else. */
export async function dropLastDemo(postgresUrl: string): Promise<void> {
  await dropDatabases(postgresUrl, Object.values(databaseNames(DEMO_PREFIX)));
}

/** On a broker of the user's, the stream of last time's demo is dropped, and nothing else. */
export async function dropLastStream(natsUrl: string): Promise<void> {
  // Loaded here only: it brings the services' framework along, which no other command needs.
  const { connectNats } = await import('#libs/messaging');
  const connection = await connectNats(natsUrl, 'laurel-demo').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : codeOf(error);
    throw new LaunchError(`NATS does not let the demo in: ${reason}. Look at NATS_URL and whether it runs.`);
  });
  try {
    const manager = await jetstreamManager(connection);
    await manager.streams.delete(new Namespace(DEMO_NAMESPACE).stream).catch((error: unknown) => {
      // There was no demo here before.
      if (!(error instanceof JetStreamApiError && error.code === STREAM_MISSING)) throw error;
    });
  } finally {
    await connection.close();
  }
}
