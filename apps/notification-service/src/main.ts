import 'reflect-metadata';
import { connectJetStream } from '#libs/messaging';
import { migrate, readEnv, startService } from '#libs/platform';
import { AppModule } from './app.module.js';
import { database } from './database.js';
import { envSchema } from './env.js';

async function main(): Promise<void> {
  const env = readEnv(envSchema, process.env);
  await migrate(env.DATABASE_URL, database);
  await startService({
    module: AppModule.forEnv(env),
    name: 'notification',
    title: 'Laurel notification service',
    env,
    connect: (app) => connectJetStream(app, 'notification'),
  });
}

main().catch((error: Error) => {
  process.stderr.write(`notification-service cannot start: ${error.message}\n`);
  process.exit(1);
});
