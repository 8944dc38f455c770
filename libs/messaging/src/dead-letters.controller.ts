import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, DomainError } from '#libs/platform';
import type { Delivery } from './batch.js';
import { DeadLetters } from './dead-letters.js';
import type { DeadLetter } from './dead-letters.js';
import { readPayload } from './payload.js';
import type { JetStreamServer } from './server.js';
import { TRANSPORT } from './transport.js';
import type { TransportHolder } from './transport.js';

const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });

/** Messages this service could not handle: read the reason, mend the cause, retry. */
@ApiTags('dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    @Inject(TRANSPORT) private readonly transport: TransportHolder,
  ) {}

  @Get()
  @Allow('admin')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<DeadLetter[]> {
    return this.letters.list(query.limit);
  }

  /** Handles the message now; it stays a dead letter when that fails again. */
  @Post(':id/retry')
  @HttpCode(200)
  @Allow('admin')
  async retry(@Param('id', { schema: z.uuid() }) id: string): Promise<DeadLetter> {
    const letter = await this.letters.get(id);
    await rerun(letter, this.transport.server);
    await this.letters.resolve(id);
    return this.letters.get(id);
  }
}

async function rerun(letter: DeadLetter, server: JetStreamServer | undefined): Promise<void> {
  const reading = readPayload(letter.payload);
  if (!reading.ok) throw new DomainError('message_unreadable', 409, reading.error);
  const processor = server?.processorOf(letter.consumer);
  if (!processor)
    throw new DomainError('consumer_unknown', 409, `This service has no consumer "${letter.consumer}".`);
  const settle = { ack: () => undefined, retryIn: () => undefined };
  const delivery: Delivery = {
    event: reading.event,
    subject: letter.subject,
    payload: letter.payload,
    attempt: 1,
    ...settle,
  };
  await processor.run([delivery]).catch((error: Error) => {
    throw new DomainError('retry_failed', 409, `It failed again: ${error.message}`);
  });
}
