import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { BackfillsService } from './backfills.service.js';
import type { BackfillRow } from './backfills.query.js';
import { DraftsService } from './drafts.service.js';
import type { BadgePreview } from './tally.js';

/** A badge as YAML, or as JSON. */
const draftSchema = z.union([z.string().min(1).max(20_000), z.record(z.string(), z.unknown())]);
/** What the preview has told: it is ordered by who has seen it. */
const orderSchema = z.strictObject({ expect: z.strictObject({ awards: z.int().min(0) }) });

/** Badges and the past: what one would have brought, and giving it. */
@ApiTags('badges')
@Controller('engagement/badges')
export class BackfillsController {
  constructor(
    private readonly drafts: DraftsService,
    private readonly backfills: BackfillsService,
  ) {}

  /** How many people would have earned this badge in the past, some of them, and what it costs to know; changes nothing. */
  @Post('preview')
  @HttpCode(200)
  @Allow('hr')
  preview(@Body({ schema: draftSchema }) body: z.infer<typeof draftSchema>): Promise<BadgePreview> {
    return this.drafts.preview(body);
  }

  /** Gives a badge of the programme to those the preview showed, dated at the days that earned it; nobody is mailed. */
  @Post(':badge/backfill')
  @HttpCode(202)
  @Allow('hr')
  order(
    @Param('badge') badge: string,
    @Body({ schema: orderSchema }) body: z.infer<typeof orderSchema>,
    @CalledBy() who: Caller,
  ): Promise<BackfillRow> {
    return this.backfills.order(who, badge, body.expect);
  }

  /** How far it has come. */
  @Get('backfills/:id')
  @Allow('hr')
  get(@Param('id', { schema: z.uuid().toLowerCase() }) id: string): Promise<BackfillRow> {
    return this.backfills.get(id);
  }
}
