import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, DomainError } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { DeadLetterOffice } from './dead-letter-office.js';
import type { BulkLetters } from './dead-letter-office.js';
import { DeadLetters } from './dead-letters.js';
import type { DeadLetter } from './dead-letters.js';

const filter = z
  .strictObject({
    consumer: z.string(),
    subject: z.string(),
    error: z.string().min(1).max(200),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
  })
  .partial();
const listQuery = filter.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) });
const reason = z.string().trim().min(1).max(500);
const dropSchema = z.strictObject({ reason });
const bulkSchema = z.strictObject({
  filter: filter.refine((given) => Object.keys(given).length > 0, 'name at least one thing to go by'),
  reason,
  /** Only counts, unless this is false. */
  dryRun: z.boolean().default(true),
  /** How many the dry run has counted. */
  expect: z.int().min(0).optional(),
});
type Bulk = z.infer<typeof bulkSchema>;
interface Asked {
  caller: Caller;
}

/** Messages this service could not handle: read the reason, mend the cause, retry; or drop what is not worth it. */
@ApiTags('dead letters')
@Controller('dead-letters')
@Allow('admin')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly office: DeadLetterOffice,
  ) {}

  /** Newest first. */
  @Get()
  list(@Query({ schema: listQuery }) { limit, ...meant }: z.infer<typeof listQuery>): Promise<DeadLetter[]> {
    return this.letters.list(meant, limit);
  }

  @Post('retry')
  @HttpCode(200)
  retryAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<BulkLetters> {
    return this.office.many(caller, 'retried', body);
  }

  @Post('drop')
  @HttpCode(200)
  dropAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<BulkLetters> {
    return this.office.many(caller, 'dropped', body);
  }

  /** Handles the message now; it stays a dead letter when that fails again. */
  @Post(':id/retry')
  @HttpCode(200)
  async retry(@Req() { caller }: Asked, @Param('id', { schema: z.uuid() }) id: string): Promise<DeadLetter> {
    await this.office.retry(caller, await this.letters.get(id), null);
    return this.letters.get(id);
  }

  /** Nothing will come of the message; it is kept with the reason. */
  @Post(':id/drop')
  @HttpCode(200)
  async drop(
    @Req() { caller: who }: Asked,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: dropSchema }) body: z.infer<typeof dropSchema>,
  ): Promise<DeadLetter> {
    await this.letters.get(id);
    const dropped = await this.letters.resolve([id], { resolution: 'dropped', who, reason: body.reason });
    if (dropped === 0)
      throw new DomainError('already_decided', 409, 'Somebody has decided about this message already.');
    return this.letters.get(id);
  }
}
