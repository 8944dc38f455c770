import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { RunsService } from './runs.service.js';

const filterQuery = z.strictObject({
  workflow: z.string().optional(),
  personId: z.uuid().optional(),
  status: z.enum(['waiting', 'expanding', 'done', 'stopped', 'cancelled', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** The id of the last run seen, to read on. */
  after: z.string().optional(),
});
const cancelSchema = z.strictObject({ reason: z.string().min(1).max(500) });

/** Runs of workflows: where each stands, and why. */
@ApiTags('runs')
@Controller('engagement/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /** Newest first. */
  @Get()
  @Allow('hr')
  list(@Query({ schema: filterQuery }) query: z.infer<typeof filterQuery>): Promise<object[]> {
    return this.runs.list(query);
  }

  /** One run with its timeline: every step, what came of it and why. */
  @Get(':id')
  @Allow('hr')
  get(@Param('id') id: string): Promise<object> {
    return this.runs.get(id);
  }

  /** Ends a run for good: nothing comes of it any more. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('admin')
  cancel(
    @Param('id') id: string,
    @Body({ schema: cancelSchema }) body: z.infer<typeof cancelSchema>,
  ): Promise<object> {
    return this.runs.cancel(id, body.reason);
  }
}
