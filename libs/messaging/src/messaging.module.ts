import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { Namespace } from '#libs/contracts';
import type { ServiceEnv } from '#libs/platform';
import { MessagingBacklog } from './backlog.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLetterOffice } from './dead-letter-office.js';
import { DeadLetters } from './dead-letters.js';
import { Housekeeping } from './housekeeping.js';
import { Interests } from './interests.js';
import { NATS, connectNats } from './nats.js';
import type { NatsConnection } from './nats.js';
import { EventSource, Outbox } from './outbox.js';
import { Relay } from './relay.js';
import { Requests } from './requests.js';
import { TRANSPORT } from './transport.js';

/** Outbox, relay, requests and dead letters of one service. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(NATS) private readonly connection: NatsConnection) {}

  static forService(name: string, env: Pick<ServiceEnv, 'NATS_URL' | 'LAUREL_NAMESPACE'>): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: [RouterModule.register([{ path: name, module: MessagingModule }])],
      controllers: [DeadLettersController, AsyncApiController],
      providers: [
        { provide: NATS, useFactory: () => connectNats(env.NATS_URL, `${name}-service`) },
        { provide: Namespace, useValue: new Namespace(env.LAUREL_NAMESPACE) },
        { provide: EventSource, useValue: new EventSource(`/laurel/${name}`) },
        { provide: TRANSPORT, useValue: {} },
        Outbox,
        Interests,
        MessagingBacklog,
        Relay,
        Requests,
        DeadLetterOffice,
        DeadLetters,
        Housekeeping,
      ],
      exports: [NATS, Outbox, Interests, Requests, DeadLetters],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.drain();
  }
}
