import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { requests } from '#libs/contracts';
import type { Namespace, RequestName } from '#libs/contracts';
import { DomainError, traceFrom, withTrace } from '#libs/platform';
import type { Logger, Pollers } from '#libs/platform';
import type { Heard } from './asyncapi.js';
import { Consumer } from './consumer.js';
import type { DeadLetters } from './dead-letters.js';
import { JETSTREAM } from './decorators.js';
import type { ConsumerExtras } from './decorators.js';
import type { Interests } from './interests.js';
import { Processor, isInfrastructure } from './processor.js';

export interface JetStreamServerParts {
  /** Prefix of durable names: replicas of one service share its consumers. */
  service: string;
  namespace: Namespace;
  connection: NatsConnection;
  database: DataSource;
  deadLetters: DeadLetters;
  pollers: Pollers;
  interests: Interests;
  log: Logger;
}

/** What goes back for a question: one of the three. */
export interface Answer {
  reply?: unknown;
  /** Who answers is without its database: the question may be asked again. */
  unavailable?: true;
  /** Fit for the eyes of an HTTP client, which the asker may show it to. */
  error?: string;
}

/** Texts of other errors stay in the log here: they may tell of hosts, tables and values. */
function refusalOf(error: unknown): Answer {
  if (isInfrastructure(error)) return { unavailable: true };
  return { error: error instanceof DomainError ? error.message : 'the log there tells why' };
}

/** NestJS transport: `@OnEvents` handlers get batches from JetStream, `@OnRequest` handlers answer over core NATS. */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override readonly transportId = JETSTREAM;
  override readonly propagatesEventHandlerErrors = true;
  private readonly consumers: Consumer[] = [];
  private readonly processors = new Map<string, Processor>();
  private readonly subscriptions: Subscription[] = [];
  private readonly answering = new Set<Promise<void>>();

  constructor(private readonly parts: JetStreamServerParts) {
    super();
  }

  listen(callback: () => void): void {
    for (const [pattern, handler] of this.getHandlers()) {
      if (handler.isEventHandler) this.consume(pattern, handler);
      else this.answer(pattern as RequestName, handler);
    }
    callback();
  }

  /** Drains: no new messages and questions, those at hand are finished. */
  async close(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain()));
    await Promise.all([...this.consumers.map((consumer) => consumer.stop()), ...this.answering]);
  }

  on(): never {
    throw new Error('JetStreamServer emits no events of its own');
  }

  unwrap<T>(): T {
    return this.parts.connection as T;
  }

  /** What the consumers of this service listen to. */
  heard(): Heard[] {
    const handlers = [...this.getHandlers()].filter(([, handler]) => handler.isEventHandler);
    return handlers.map(([consumer, handler]) => ({
      consumer,
      types: (handler.extras as ConsumerExtras).types,
    }));
  }

  /** How many messages each consumer has still to settle. */
  pending(): Promise<{ consumer: string; waiting: number }[]> {
    return Promise.all(
      this.consumers.map(async (consumer) => ({
        consumer: consumer.name,
        waiting: await consumer.waiting(),
      })),
    );
  }

  /** Runs one stored message again, for dead letters. Throws what its handler throws. */
  processorOf(consumer: string): Processor | undefined {
    return this.processors.get(consumer);
  }

  private consume(pattern: string, handler: MessageHandler): void {
    const {
      service,
      namespace,
      connection,
      database,
      deadLetters,
      log: logger,
      pollers,
      interests,
    } = this.parts;
    const name = `${service}-${pattern}`;
    const processor = new Processor({
      consumer: name,
      database,
      deadLetters,
      logger,
      concerns: (event) => interests.concerns(pattern, event),
      handler: async (events, context) => {
        await this.settled(handler(events, context));
      },
    });
    const { types } = handler.extras as ConsumerExtras;
    const consumer = new Consumer({
      name,
      types,
      namespace,
      connection,
      deadLetters,
      logger,
      concerns: (type) => interests.concernsType(pattern, type),
      handle: (batch) => processor.handle(batch),
    });
    this.consumers.push(consumer);
    this.processors.set(name, processor);
    pollers.watch({
      name,
      measure: async () => ({ waiting: await consumer.waiting(), done: consumer.done }),
    });
    void consumer.run();
  }

  private answer(name: RequestName, handler: MessageHandler): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (error) return;
      const answering = this.reply(name, handler, message).finally(() => this.answering.delete(answering));
      this.answering.add(answering);
    };
    const subject = this.parts.namespace.request(name);
    const options = { queue: this.parts.service, callback };
    this.subscriptions.push(this.parts.connection.subscribe(subject, options));
  }

  private async reply(name: RequestName, handler: MessageHandler, message: Msg): Promise<void> {
    const trace = traceFrom(message.headers?.get('traceparent'));
    const answer = await withTrace(trace, () => this.answerOf(name, handler, message)).then(
      (reply): Answer => ({ reply }),
      (error: unknown) => {
        this.parts.log.warn({ err: error, request: name }, 'a request of another service failed');
        return refusalOf(error);
      },
    );
    message.respond(JSON.stringify(answer));
  }

  private async answerOf(name: RequestName, handler: MessageHandler, message: Msg): Promise<unknown> {
    return this.settled(handler(requests[name].request.parse(message.json())));
  }

  private async settled(result: unknown): Promise<unknown> {
    const stream = this.transformToObservable(await result);
    return lastValueFrom(stream as never, { defaultValue: undefined });
  }
}
