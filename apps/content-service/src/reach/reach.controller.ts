import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { csvBody, readCsv, rejectedOf } from '../csv/csv.js';
import { ReachService } from './reach.service.js';
import type { Outcome } from './reach.service.js';
import { figures, lineSchema, reportSchema, totalsSchema } from './totals.schema.js';
import type { Totals } from './totals.schema.js';

const batchSchema = z.array(reportSchema).min(1).max(1000);
const idSchema = z.uuid();

const format = {
  columns: {
    share_id: 'shareId',
    link: 'link',
    external_id: 'externalId',
    measured_at: 'measuredAt',
    ...Object.fromEntries(figures.map((name) => [name, name])),
  },
  required: [],
  schema: lineSchema,
};

/** What networks measured of shares. */
@ApiTags('reach')
@Controller('content')
export class ReachController {
  constructor(private readonly reach: ReachService) {}

  /**
   * Reports the totals of a share; the programme hears of the difference, also when a correction lowers a figure. A measurement that is
   * older than what is known is kept and changes nothing.
   */
  @Put('shares/:id/measures')
  @Allow('hr', 'partner')
  measure(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: totalsSchema }) body: Totals,
  ): Promise<Outcome> {
    return this.reach.measure(id, body);
  }

  /** Every measurement of a share, the newest first. */
  @Get('shares/:id/measures')
  @Allow('hr', 'partner')
  history(@Param('id', { schema: idSchema }) id: string): Promise<object> {
    return this.reach.history(id);
  }

  /** Takes up to 1,000 reports, in their order; each is answered in its place. */
  @Post('measures')
  @HttpCode(200)
  @Allow('hr', 'partner')
  report(
    @Body({ schema: batchSchema }) body: z.infer<typeof batchSchema>,
    @CalledBy() { keyId }: Caller,
  ): Promise<Outcome[]> {
    return this.reach.measureAll(keyId, body);
  }

  /** Takes a CSV: good lines count, broken ones come back with their number and what is wrong. */
  @Post('measures/import')
  @HttpCode(200)
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: {
      type: 'string',
      example: 'link,measured_at,impressions,reactions\nhttps://…/l/…,2026-03-02T08:00:00Z,1200,14',
    },
  })
  @Allow('hr', 'partner')
  async import(@Body({ schema: csvBody }) csv: string, @CalledBy() { keyId }: Caller): Promise<object> {
    const reading = readCsv(csv, format);
    const outcomes = await this.reach.measureAll(
      keyId,
      reading.rows.map(({ value }) => value),
    );
    const taken = outcomes.filter((outcome) => !('refused' in outcome)).length;
    return { taken, rejected: rejectedOf(reading, outcomes) };
  }
}
