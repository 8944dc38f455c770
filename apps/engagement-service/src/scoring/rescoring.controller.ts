import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { RescoringRow } from './rescoring.query.js';
import { RescoringService } from './rescoring.service.js';
import type { RescoringPreview } from './rescoring.service.js';

const since = z.iso.date('is not a date such as 2026-01-31');
const previewSchema = z.strictObject({ since });
/** What the preview has told: it is ordered by who has seen it. */
const orderSchema = z.strictObject({
  since,
  expect: z.strictObject({ entries: z.int().min(0), points: z.int() }),
});

/** Counting changed rules backwards. */
@ApiTags('points')
@Controller('engagement')
export class RescoringController {
  constructor(private readonly rescorings: RescoringService) {}

  /** What counting the rule in force from a local day on would change, in all and for whom; changes nothing. */
  @Post('rules/:rule/rescoring/preview')
  @HttpCode(200)
  @Allow('hr')
  preview(
    @Param('rule') rule: string,
    @Body({ schema: previewSchema }) body: z.infer<typeof previewSchema>,
  ): Promise<RescoringPreview> {
    return this.rescorings.preview(rule, body.since);
  }

  /** Posts the differences the preview showed, dated at what they adjust: closed boards stay, and nobody is mailed. */
  @Post('rules/:rule/rescoring')
  @HttpCode(202)
  @Allow('hr')
  order(
    @Param('rule') rule: string,
    @Body({ schema: orderSchema }) body: z.infer<typeof orderSchema>,
    @CalledBy() who: Caller,
  ): Promise<RescoringRow> {
    return this.rescorings.order(who, rule, body.since, body.expect);
  }

  /** How far it has come. */
  @Get('rescorings/:id')
  @Allow('hr')
  get(@Param('id', { schema: z.uuid() }) id: string): Promise<RescoringRow> {
    return this.rescorings.get(id);
  }
}
