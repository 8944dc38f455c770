import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Delivery } from './batch.js';
import { DeadLetters } from './dead-letters.js';
import type { DeadLetter, LetterFilter } from './dead-letters.js';
import { readPayload } from './payload.js';
import { TRANSPORT } from './transport.js';
import type { TransportHolder } from './transport.js';

const MAX = 10_000;
const SAMPLE = 20;
/** By how much the count may have moved since the dry run. */
const TOLERANCE = 0.1;

/** What is asked of all letters of a filter. */
export interface LettersOrder {
  filter: LetterFilter;
  reason: string;
  dryRun: boolean;
  expect?: number | undefined;
}

/** What an order would do, or has done. */
export interface BulkLetters {
  dryRun: boolean;
  count: number;
  consumers: { consumer: string; count: number }[];
  /** Some of their ids. */
  letters: string[];
  done?: number;
  failed?: { letter: string; reason: string }[];
}

/** Decides about dead letters: one, or all of a filter after a dry run has counted them. */
@Injectable()
export class DeadLetterOffice {
  constructor(
    private readonly letters: DeadLetters,
    @Inject(TRANSPORT) private readonly transport: TransportHolder,
  ) {}

  /** Handles a message now. Throws `retry_failed` when that fails again. */
  async retry(who: Caller, letter: DeadLetter, reason: string | null): Promise<void> {
    await this.rerun(letter);
    await this.letters.resolve([letter.id], { resolution: 'retried', who, reason });
  }

  /** Retried oldest first and one by one, so that who fails again stands alone. At most 10,000 at a time. */
  async many(who: Caller, resolution: 'retried' | 'dropped', order: LettersOrder): Promise<BulkLetters> {
    const { filter, dryRun, expect, reason } = order;
    const consumers = await this.letters.count(filter);
    const count = consumers.reduce((sum, item) => sum + item.count, 0);
    if (!dryRun) checkExpected(count, expect);
    const ids = await this.letters.ids(filter, dryRun ? SAMPLE : MAX);
    const outcome = { dryRun, count, consumers, letters: ids.slice(0, SAMPLE) };
    if (dryRun) return outcome;
    if (resolution === 'dropped')
      return { ...outcome, done: await this.letters.resolve(ids, { resolution, who, reason }) };
    return { ...outcome, ...(await this.retryAll(who, ids, reason)) };
  }

  private async retryAll(
    who: Caller,
    ids: readonly string[],
    reason: string,
  ): Promise<{ done: number; failed: { letter: string; reason: string }[] }> {
    const failed: { letter: string; reason: string }[] = [];
    for (const id of ids)
      await this.retry(who, await this.letters.get(id), reason).catch((error: Error) => {
        failed.push({ letter: id, reason: error.message });
      });
    return { done: ids.length - failed.length, failed: failed.slice(0, SAMPLE) };
  }

  private async rerun(letter: DeadLetter): Promise<void> {
    const reading = readPayload(letter.payload);
    if (!reading.ok) throw new DomainError('message_unreadable', 409, reading.error);
    const processor = this.transport.server?.processorOf(letter.consumer);
    if (!processor)
      throw new DomainError('consumer_unknown', 409, `This service has no consumer "${letter.consumer}".`);
    const { subject, payload } = letter;
    const settle = { ack: () => undefined, retryIn: () => undefined };
    const delivery: Delivery = { event: reading.event, subject, payload, attempt: 1, ...settle };
    await processor.run([delivery]).catch((error: Error) => {
      throw new DomainError('retry_failed', 409, `It failed again: ${error.message}`);
    });
  }
}

function checkExpected(count: number, expect: number | undefined): void {
  if (expect === undefined)
    throw new DomainError(
      'expect_missing',
      409,
      `This would be done to ${count} messages. Look at the dry run first, then send its count as "expect".`,
    );
  if (Math.abs(count - expect) > expect * TOLERANCE)
    throw new DomainError('count_changed', 409, `You expect ${expect} messages, but now there are ${count}.`);
}
