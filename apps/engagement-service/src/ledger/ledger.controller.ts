import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { AdjustmentsService } from './adjustments.service.js';
import type { Adjusted } from './adjustments.service.js';
import { LedgerJobsService } from './ledger-jobs.service.js';
import type { LedgerDifference, LedgerJob } from './ledger.js';

// In one case: what is stored under it is found again, and what is told of it is the same id.
const uuid = z.uuid().toLowerCase();
const adjustmentSchema = z.strictObject({
  /** Makes telling the same adjustment again harmless. */
  id: uuid.optional(),
  points: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((points) => points !== 0, 'must not be 0'),
  reason: z.string().trim().min(1).max(500),
});
const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });

/** The ledger: corrections by hand, its checks, and balances made from it anew. */
@ApiTags('points')
@Controller('engagement')
export class LedgerController {
  constructor(
    private readonly adjustments: AdjustmentsService,
    private readonly jobs: LedgerJobsService,
  ) {}

  /** Gives or takes points with a reason. */
  @Post('people/:id/adjustments')
  @Allow('hr')
  adjust(
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: adjustmentSchema }) body: z.infer<typeof adjustmentSchema>,
    @CalledBy() who: Caller,
  ): Promise<Adjusted> {
    return this.adjustments.adjust(who, id, body);
  }

  /** The nightly checks, those ordered by hand, and rebuilds, newest first. */
  @Get('points/verifications')
  @Allow('hr')
  verifications(@Query({ schema: listQuery }) { limit }: z.infer<typeof listQuery>): Promise<LedgerJob[]> {
    return this.jobs.list(limit);
  }

  /** One of them, with what differed. */
  @Get('points/verifications/:id')
  @Allow('hr')
  verification(
    @Param('id', { schema: uuid }) id: string,
  ): Promise<LedgerJob & { found: LedgerDifference[] }> {
    return this.jobs.get(id);
  }

  /** Compares now instead of next night. */
  @Post('points/verifications')
  @HttpCode(202)
  @Allow('hr')
  verify(@CalledBy() who: Caller): Promise<LedgerJob> {
    return this.jobs.order(who, 'verification');
  }

  /** Makes every balance and running budget what the ledger says, and tells which were wrong. */
  @Post('points/rebuild')
  @HttpCode(202)
  @Allow('admin')
  rebuild(@CalledBy() who: Caller): Promise<LedgerJob> {
    return this.jobs.order(who, 'rebuild');
  }
}
