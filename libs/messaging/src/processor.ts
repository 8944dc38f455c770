import { DataSource } from 'typeorm';
import type { EventOf, EventType } from '#libs/contracts';
import { Terminal, traceFrom, withTrace } from '#libs/platform';
import type { Logger, Trace } from '#libs/platform';
import { BatchContext, keepUnseen } from './batch.js';
import type { Delivery } from './batch.js';
import type { DeadLetters } from './dead-letters.js';

/** A message that fails alone this often is poison. */
const MAX_ATTEMPTS = 6;
const BACKOFF_MS = [200, 1_000, 3_000, 10_000, 30_000];

export type BatchHandler = (events: EventOf<EventType>[], context: BatchContext) => Promise<void>;

export interface ProcessorParts {
  consumer: string;
  database: DataSource;
  deadLetters: DeadLetters;
  logger: Logger;
  handler: BatchHandler;
  /** False for an event there is nothing to do for: it is settled unread. */
  concerns?: (event: EventOf<EventType>) => boolean;
}

/** Handles batches exactly once in effect: inbox and effect commit together; poison is found by halving and set aside. */
export class Processor {
  constructor(private readonly parts: ProcessorParts) {}

  /** Settles every delivery; the failure of one never holds up the rest. */
  async handle(batch: Delivery[]): Promise<void> {
    try {
      await this.run(batch);
      for (const delivery of batch) delivery.ack();
    } catch (error) {
      await this.onFailure(batch, error);
    }
  }

  /** One transaction for the whole batch. Throws what the handler throws. */
  async run(all: Delivery[]): Promise<void> {
    const { consumer, database, handler, concerns = () => true } = this.parts;
    const batch = all.filter(({ event }) => concerns(event));
    if (batch.length === 0) return;
    await withTrace(traceOf(batch), () =>
      database.transaction(async (manager) => {
        const unseen = await keepUnseen(manager, consumer, batch);
        if (unseen.length > 0)
          await handler(
            unseen.map(({ event }) => event),
            new BatchContext(manager, consumer),
          );
      }),
    );
    for (const { event } of batch) this.logHandled(event);
  }

  private logHandled(event: Delivery['event']): void {
    const { consumer, logger } = this.parts;
    if (!logger.isLevelEnabled('debug')) return;
    withTrace(traceFrom(event.traceparent), () =>
      logger.debug({ consumer, event: event.id, type: event.type }, 'event handled'),
    );
  }

  private async onFailure(batch: Delivery[], error: unknown): Promise<void> {
    if (isInfrastructure(error)) return this.retryAll(batch, error);
    if (batch.length === 1) return this.onPoison(batch[0]!, error);
    const middle = batch.length >> 1;
    await this.handle(batch.slice(0, middle));
    await this.handle(batch.slice(middle));
  }

  private async onPoison(delivery: Delivery, error: unknown): Promise<void> {
    if (!(error instanceof Terminal) && delivery.attempt < MAX_ATTEMPTS)
      return this.retryAll([delivery], error);
    const { consumer, deadLetters, logger } = this.parts;
    const reason = error instanceof Error ? error.message : String(error);
    await deadLetters.add(consumer, delivery.subject, delivery.payload, reason).then(
      () => delivery.ack(),
      () => delivery.retryIn(BACKOFF_MS[0]!),
    );
    logger.error(
      { err: error, consumer, event: delivery.event.id, type: delivery.event.type },
      'message set aside as a dead letter',
    );
  }

  private retryAll(batch: Delivery[], error: unknown): void {
    const { consumer, logger } = this.parts;
    logger.warn({ err: error, consumer, messages: batch.length }, 'messages will be tried again');
    for (const delivery of batch)
      delivery.retryIn(BACKOFF_MS[Math.min(delivery.attempt - 1, BACKOFF_MS.length - 1)]!);
  }
}

/** The trace of the first event, and of each person's last one. */
function traceOf(batch: readonly Delivery[]): Trace {
  const ofPerson = new Map<string, string>();
  for (const { event } of batch) {
    const { personId } = event.data as { personId?: string };
    if (personId !== undefined && event.traceparent !== undefined) ofPerson.set(personId, event.traceparent);
  }
  return { ...traceFrom(batch[0]!.event.traceparent), ofPerson };
}

/** SQLSTATEs, the system's errors, and a neighbour that is away. 57014 and 25P03/4 are our own timeouts: the database is slow. */
const INFRASTRUCTURE_CODE =
  /^(08|53|57P|57014|25P0[34]|40001|40P01|55P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|service_unavailable$)/;

/** The database or a neighbour is away, restarting, or two transactions met: what was worked on is not to blame, however often it happens. */
export function isInfrastructure(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined && INFRASTRUCTURE_CODE.test(code)) return true;
  return /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect/i.test(
    message ?? '',
  );
}
