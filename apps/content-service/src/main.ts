import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectJetStream } from '#libs/messaging';
import { acceptText, migrate, readEnv, startMain, startService } from '#libs/platform';
import { AppModule } from './app.module.js';
import { database } from './database.js';
import { envSchema } from './env.js';

async function start(): Promise<NestFastifyApplication> {
  const env = readEnv(envSchema, process.env);
  await migrate(env.DATABASE_URL, database);
  return startService({
    module: AppModule.forEnv(env),
    name: 'content',
    title: 'Laurel content service',
    env,
    connect: async (app) => {
      acceptText(app, 'text/csv');
      await connectJetStream(app, 'content');
    },
  });
}

startMain('content-service', start);
