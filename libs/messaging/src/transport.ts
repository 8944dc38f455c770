import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { Namespace } from '#libs/contracts';
import { LOGGER, Pollers } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { DeadLetters } from './dead-letters.js';
import { Interests } from './interests.js';
import { NATS } from './nats.js';
import type { NatsConnection } from './nats.js';
import { JetStreamServer } from './server.js';

/** Injection token: the transport is made after the modules, from what they provide. */
export const TRANSPORT = Symbol('TRANSPORT');
export interface TransportHolder {
  server?: JetStreamServer;
}

/** Connects the handlers of a built application to the broker. */
export async function connectJetStream(app: NestFastifyApplication, service: string): Promise<void> {
  const server = new JetStreamServer({
    service,
    namespace: app.get(Namespace),
    connection: app.get<NatsConnection>(NATS),
    database: app.get(DataSource),
    deadLetters: app.get(DeadLetters),
    pollers: app.get(Pollers),
    interests: app.get(Interests),
    log: app.get<Logger>(LOGGER),
  });
  app.get<TransportHolder>(TRANSPORT).server = server;
  // Modules first: what they prepare must stand before the first message arrives.
  await app.init();
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
}
