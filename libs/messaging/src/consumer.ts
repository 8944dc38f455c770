import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { AckPolicy, DeliverPolicy, JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EventType, Namespace } from '#libs/contracts';
import { events } from '#libs/contracts';
import type { Logger } from '#libs/platform';
import type { Delivery } from './batch.js';
import type { DeadLetters } from './dead-letters.js';
import { readPayload } from './payload.js';
import { ensureStream } from './stream.js';

const BATCH = 500;
/**
 * A killed process's messages come again after this long. Whoever still lives tells the broker so in time for what it has not
 * settled; should that fail, a message comes twice, which its inbox makes harmless.
 */
const ACK_WAIT_MS = 2_000;
const STILL_WORKING_MS = 600;
const RECONNECT_PAUSE_MS = 500;

export interface ConsumerParts {
  name: string;
  types: readonly EventType[];
  namespace: Namespace;
  connection: NatsConnection;
  deadLetters: DeadLetters;
  logger: Logger;
  /** Settles every delivery of the batch (ack, retry or dead letter); never throws. */
  handle: (batch: Delivery[]) => Promise<void>;
}

/** The narrowest single filter over the types: nats-server 2.9 has no filter lists. */
export function filterOf(types: readonly EventType[], namespace: Namespace): string {
  if (types.length === 1) return namespace.event(types[0]!);
  const domains = new Set(types.map((type) => type.split('.')[0]!));
  return namespace.event(domains.size === 1 ? `${[...domains][0]}.>` : '>');
}

/** A message with what was read in it while the batch before was still being stored; null for types this consumer does not want. */
interface Arrived {
  message: JsMsg;
  payload: string;
  reading: ReturnType<typeof readPayload> | null;
}

/** One durable pull consumer: buffers what arrives and hands it on in batches, one batch at a time. */
export class Consumer {
  readonly name: string;
  /** Messages settled since the start. */
  done = 0;
  private buffer: Arrived[] = [];
  /** Not settled yet. */
  private batch: Arrived[] = [];
  private messages: ConsumerMessages | null = null;
  private draining: Promise<void> | null = null;
  private stopped = false;

  private readonly wanted: Set<string>;
  private readonly known: Set<string>;

  constructor(private readonly parts: ConsumerParts) {
    this.name = parts.name;
    this.wanted = new Set(parts.types.map((type) => parts.namespace.event(type)));
    this.known = new Set(Object.keys(events).map((type) => parts.namespace.event(type)));
  }

  /** Consumes until stopped; a wiped or restarted broker gets its stream and consumer again. */
  async run(): Promise<void> {
    const heartbeat = setInterval(() => this.tellWorking(), STILL_WORKING_MS);
    while (!this.stopped) {
      try {
        await this.consume();
      } catch (error) {
        this.parts.logger.warn(
          { err: error, consumer: this.name },
          'consumer lost its stream; it tries again',
        );
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
    }
    await this.draining;
    clearInterval(heartbeat);
  }

  private tellWorking(): void {
    for (const { message } of this.batch) message.working();
    for (const { message } of this.buffer) message.working();
  }

  /** Stops taking new messages, finishes those at hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.messages?.close();
    await this.draining;
  }

  /** How many messages of the stream this consumer has still to settle. */
  async waiting(): Promise<number> {
    if (this.draining) return 1;
    const manager = await jetstreamManager(this.parts.connection, { checkAPI: false });
    const info = await manager.consumers
      .info(this.parts.namespace.stream, this.name)
      .catch((error: unknown) => {
        // Not created yet, wiped with its stream, or the broker is away: whoever waits for quiet must go on waiting.
        if (!(error instanceof JetStreamApiError))
          this.parts.logger.debug({ err: error, consumer: this.name }, 'the broker does not say');
        return null;
      });
    return info ? info.num_pending + info.num_ack_pending : 1;
  }

  private async consume(): Promise<void> {
    const { connection, namespace } = this.parts;
    await ensureStream(connection, namespace);
    await this.ensureConsumer();
    const consumer = await jetstream(connection).consumers.get(namespace.stream, this.name);
    this.messages = await consumer.consume({
      max_messages: 2 * BATCH,
      abort_on_missing_resource: true,
      callback: (message) => this.take(message),
    });
    if (this.stopped) await this.messages.close();
    const reason = await this.messages.closed();
    if (reason instanceof Error) throw reason;
  }

  private async ensureConsumer(): Promise<void> {
    const { connection, namespace, types } = this.parts;
    const manager = await jetstreamManager(connection);
    await manager.consumers.add(namespace.stream, {
      durable_name: this.name,
      filter_subject: filterOf(types, namespace),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: 5 * BATCH,
    });
  }

  private take(message: JsMsg): void {
    this.buffer.push(this.read(message));
    // setImmediate lets what has already arrived join the same batch.
    this.draining ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.drain());
  }

  private async drain(): Promise<void> {
    while (this.buffer.length > 0) {
      const batch = this.buffer.splice(0, BATCH);
      this.batch = batch;
      await this.settle(batch);
      this.batch = [];
      this.done += batch.length;
    }
    // In the same breath as the last look at the buffer: what arrives from here on starts a drain of its own.
    this.draining = null;
  }

  private read(message: JsMsg): Arrived {
    // A type nobody knows is read on, so that it ends in the dead letters with a reason.
    if (!this.wanted.has(message.subject) && this.known.has(message.subject))
      return { message, payload: '', reading: null };
    const payload = message.string();
    return { message, payload, reading: readPayload(payload) };
  }

  private async settle(batch: Arrived[]): Promise<void> {
    const deliveries: Delivery[] = [];
    for (const { message, payload, reading } of batch) {
      if (reading === null) message.ack();
      else if (reading.ok) deliveries.push(deliveryOf(message, payload, reading.event));
      else await this.setAside(message, payload, reading.error);
    }
    if (deliveries.length > 0) await this.parts.handle(deliveries);
  }

  private async setAside(message: JsMsg, payload: string, error: string): Promise<void> {
    await this.parts.deadLetters.add(this.name, message.subject, payload, error).then(
      () => message.ack(),
      () => message.nak(RECONNECT_PAUSE_MS),
    );
  }
}

function deliveryOf(message: JsMsg, payload: string, event: Delivery['event']): Delivery {
  return {
    event,
    payload,
    subject: message.subject,
    attempt: message.info.deliveryCount,
    ack: () => message.ack(),
    retryIn: (milliseconds) => message.nak(milliseconds),
  };
}
