import type { ConsumerMessages, JetStreamManager, JsMsg } from '@nats-io/jetstream';
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
  /** False for a type there is nothing to do for at present: its messages are settled unread. */
  concerns?: (type: EventType) => boolean;
  /** Settles every delivery of the batch (ack, retry or dead letter); never throws. */
  handle: (batch: Delivery[]) => Promise<void>;
}

/** Beyond so many a consumer listens to everything: each filter is a durable position of its own at the broker. */
const MAX_FILTERS = 4;

/** A durable position at the broker with its one filter: nats-server 2.9 has no filter lists. */
interface Source {
  durable: string;
  filter: string;
}

/** What a consumer asks for: few domains apart, each under a name of its own, so that nothing is sent which nobody wants. */
export function sourcesOf(name: string, types: readonly EventType[], namespace: Namespace): Source[] {
  const domains = [...new Set(types.map(domainOf))];
  if (domains.length > MAX_FILTERS) return [{ durable: name, filter: namespace.event('>') }];
  return domains.map((domain) => {
    const own = types.filter((type) => domainOf(type) === domain);
    return {
      durable: domains.length === 1 ? name : `${name}-${domain}`,
      filter: namespace.event(own.length === 1 ? own[0]! : `${domain}.>`),
    };
  });
}

const domainOf = (type: EventType): string => type.split('.')[0]!;

/** A message with what was read in it while the batch before was still being stored. */
interface Arrived {
  message: JsMsg;
  payload: string;
  reading: ReturnType<typeof readPayload>;
}

/** One durable consumer: pulls, buffers what arrives and hands it on in batches, one batch at a time. */
export class Consumer {
  readonly name: string;
  /** Messages settled since the start. */
  done = 0;
  private buffer: Arrived[] = [];
  /** Not settled yet. */
  private batch: Arrived[] = [];
  private pulls: ConsumerMessages[] = [];
  private draining: Promise<void> | null = null;
  private stopped = false;

  private readonly sources: readonly Source[];
  private readonly wanted: Map<string, EventType>;
  private readonly known: Set<string>;

  constructor(private readonly parts: ConsumerParts) {
    const { name, types, namespace } = parts;
    this.name = name;
    this.sources = sourcesOf(name, types, namespace);
    this.wanted = new Map(types.map((type) => [namespace.event(type), type]));
    this.known = new Set(Object.keys(events).map((type) => namespace.event(type)));
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
    await this.closePulls();
    await this.draining;
  }

  private async closePulls(): Promise<void> {
    await Promise.all(this.pulls.map((pull) => pull.close()));
  }

  /** How many messages of the stream this consumer has still to settle. */
  async waiting(): Promise<number> {
    if (this.draining) return 1;
    const manager = await jetstreamManager(this.parts.connection, { checkAPI: false });
    const counts = await Promise.all(this.sources.map(({ durable }) => this.waitingAt(manager, durable)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  private async waitingAt(manager: JetStreamManager, durable: string): Promise<number> {
    const info = await manager.consumers
      .info(this.parts.namespace.stream, durable)
      .catch((error: unknown) => {
        // Not created yet, wiped with its stream, or the broker is away: whoever waits for quiet must go on waiting.
        if (!(error instanceof JetStreamApiError))
          this.parts.logger.debug({ err: error, consumer: durable }, 'the broker does not say');
        return null;
      });
    return info ? info.num_pending + info.num_ack_pending : 1;
  }

  private async consume(): Promise<void> {
    const { connection, namespace } = this.parts;
    await ensureStream(connection, namespace);
    const manager = await jetstreamManager(connection);
    try {
      if (this.sources.length > 1) await this.forgetWhole(manager);
      for (const source of this.sources) this.pulls.push(await this.pull(manager, source));
      if (this.stopped) await this.closePulls();
      const reason = await Promise.race(this.pulls.map((pull) => pull.closed()));
      if (reason instanceof Error) throw reason;
    } finally {
      await this.closePulls();
      this.pulls = [];
    }
  }

  /** The position of a version of this service that listened to everything under its bare name. */
  private async forgetWhole(manager: JetStreamManager): Promise<void> {
    await manager.consumers.delete(this.parts.namespace.stream, this.name).catch((error: unknown) => {
      // Mostly there is none.
      if (!(error instanceof JetStreamApiError)) throw error;
    });
  }

  private async pull(manager: JetStreamManager, { durable, filter }: Source): Promise<ConsumerMessages> {
    const { connection, namespace } = this.parts;
    await manager.consumers.add(namespace.stream, {
      durable_name: durable,
      filter_subject: filter,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: 5 * BATCH,
    });
    const consumer = await jetstream(connection).consumers.get(namespace.stream, durable);
    return consumer.consume({
      max_messages: 2 * BATCH,
      abort_on_missing_resource: true,
      callback: (message) => this.take(message),
    });
  }

  private take(message: JsMsg): void {
    if (this.isNothingToUs(message.subject)) {
      this.done++;
      return message.ack();
    }
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

  /** A type nobody knows is read on, so that it ends in the dead letters with a reason. */
  private isNothingToUs(subject: string): boolean {
    const type = this.wanted.get(subject);
    if (type === undefined) return this.known.has(subject);
    return this.parts.concerns?.(type) === false;
  }

  private read(message: JsMsg): Arrived {
    const payload = message.string();
    return { message, payload, reading: readPayload(payload) };
  }

  private async settle(batch: Arrived[]): Promise<void> {
    const deliveries: Delivery[] = [];
    for (const { message, payload, reading } of batch) {
      if (reading.ok) deliveries.push(deliveryOf(message, payload, reading.event));
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
