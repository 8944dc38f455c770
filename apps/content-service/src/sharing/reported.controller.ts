import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { csvBody, readCsv, rejectedOf } from '../csv/csv.js';
import { ReportedService } from './reported.service.js';
import type { Outcome } from './reported.service.js';
import { reportedSchema } from './share.schema.js';

const batchSchema = z.array(reportedSchema).min(1).max(1000);

const format = {
  columns: {
    external_id: 'externalId',
    post_id: 'postId',
    person_id: 'personId',
    network: 'network',
    caption: 'caption',
    post_url: 'postUrl',
    shared_at: 'sharedAt',
  },
  required: ['external_id', 'post_id', 'person_id', 'network'],
  schema: reportedSchema,
};

/** Shares made elsewhere, told by partners. */
@ApiTags('sharing')
@Controller('content/shares/reported')
export class ReportedController {
  constructor(private readonly reported: ReportedService) {}

  /** Takes up to 1,000 reports; each is answered in its place. A report is known by your own `externalId`: telling it again is harmless. */
  @Post()
  @HttpCode(200)
  @Allow('hr', 'partner')
  report(
    @Body({ schema: batchSchema }) body: z.infer<typeof batchSchema>,
    @CalledBy() { keyId }: Caller,
  ): Promise<Outcome[]> {
    return this.reported.report(keyId, body);
  }

  /** Takes a CSV: good lines are recorded, broken ones come back with their number and what is wrong. */
  @Post('import')
  @HttpCode(200)
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: { type: 'string', example: 'external_id,post_id,person_id,network\n4711,…,…,linkedin' },
  })
  @Allow('hr', 'partner')
  async import(@Body({ schema: csvBody }) csv: string, @CalledBy() { keyId }: Caller): Promise<object> {
    const reading = readCsv(csv, format);
    const outcomes = await this.reported.report(
      keyId,
      reading.rows.map(({ value }) => value),
    );
    const taken = outcomes.filter((outcome) => 'share' in outcome);
    const recorded = taken.filter((outcome) => outcome.recorded).length;
    return { recorded, known: taken.length - recorded, rejected: rejectedOf(reading, outcomes) };
  }
}
