import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow } from '#libs/platform';
import { readRunQuery, runQuery } from '../steering/run-filter.js';
import { RunsService } from './runs.service.js';

/** Runs of workflows: where each stands, and why. */
@ApiTags('runs')
@Controller('engagement/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /**
   * Newest first. The header `Total-Count` says how many there are in all, exactly up to 10,000 and "10000+" beyond; `Link` with
   * rel="next" where to read on.
   */
  @Get()
  @Allow('hr')
  async list(
    @Query({ schema: runQuery }) query: z.infer<typeof runQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const { runs, total, last } = await this.runs.search(readRunQuery(query));
    reply.header('total-count', total);
    if (last !== null) reply.header('link', `<${next(query, last)}>; rel="next"`);
    return runs;
  }

  /** One run with its timeline: every step, what came of it and why. */
  @Get(':id')
  @Allow('hr')
  get(@Param('id') id: string): Promise<object> {
    return this.runs.get(id);
  }
}

function next(query: Record<string, string | number | undefined>, after: string): string {
  const parameters = new URLSearchParams({ after });
  for (const [name, value] of Object.entries(query))
    if (name !== 'after' && value !== undefined) parameters.set(name, String(value));
  return `/engagement/runs?${parameters.toString()}`;
}
