import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Allow, Clock } from '#libs/platform';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { stepStats } from './stats.query.js';
import type { RunStats, StepStats } from './stats.query.js';

const DAY_MS = 86_400_000;
const statsQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) });

/** How workflows do. */
@ApiTags('workflows')
@Controller('engagement/workflows')
export class StatsController {
  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly clock: Clock,
  ) {}

  /** Per step, in the order of the file: how many wait, have passed, were skipped, have failed; median and 95th percentile of seconds there. */
  @Get(':id/stats')
  @Allow('hr')
  async stats(
    @Param('id') id: string,
    @Query({ schema: statsQuery }) { days }: z.infer<typeof statsQuery>,
  ): Promise<RunStats & { workflow: string; since: Date }> {
    const { definition } = this.definitions.find(id);
    const since = new Date(this.clock.now().getTime() - days * DAY_MS);
    const { steps, ...of } = await stepStats(this.database.manager, id, since);
    const known = new Map(steps.map((step) => [step.step, step]));
    const current = definition.order.map((step) => known.get(step) ?? { ...EMPTY, step });
    // Steps of older versions, where people may still wait.
    const older = steps.filter(({ step }) => !definition.steps[step]);
    return { workflow: id, since, ...of, steps: [...current, ...older] };
  }
}

const NOTHING = { waiting: 0, paused: 0, passed: 0, skipped: 0, failed: 0, intents: 0 };
const EMPTY: Omit<StepStats, 'step'> = { ...NOTHING, p50: null, p95: null };
