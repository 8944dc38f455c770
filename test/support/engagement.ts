import { AppModule } from '../../apps/engagement-service/src/app.module.js';
import { database as parts } from '../../apps/engagement-service/src/database.js';
import { envSchema } from '../../apps/engagement-service/src/env.js';
import type { TestDatabase } from './database.js';
import { startTestService } from './service.js';
import type { TestService } from './service.js';

/** How this engagement service differs from the usual one of tests. */
export interface EngagementOptions {
  readonly database?: TestDatabase;
  readonly env?: Record<string, string>;
}

/** The engagement service on a test's own database and broker. */
export const startEngagement = (natsUrl: string, options: EngagementOptions = {}): Promise<TestService> =>
  startTestService<typeof envSchema>({
    name: 'engagement',
    parts,
    envSchema,
    natsUrl,
    module: (env) => AppModule.forEnv(env),
    ...options,
  });

/** Adds a person called after the part of the address before the @; returns the id. */
export async function addPerson(service: TestService, email: string, more: object = {}): Promise<string> {
  const person = { email, name: email.split('@')[0], zone: 'Europe/Rome', ...more };
  const { status, body } = await service.call('POST', '/engagement/people', person);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body.id as string;
}
