import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { isWindow } from '#libs/calendar';
import { Allow, Clock } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { FactsService } from './facts.service.js';

const windowQuery = z.strictObject({
  window: z
    .string()
    .refine(isWindow, 'is not a window such as last_month, this_week or last_30_days')
    .default('last_month'),
});

/** What the programme brings. */
@ApiTags('insights')
@Controller('engagement')
export class InsightsController {
  constructor(
    private readonly database: DataSource,
    private readonly facts: FactsService,
    private readonly people: PeopleService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** What one person's shares brought in a window, against the window before. */
  @Get('people/:id/impact')
  @Allow('hr')
  async impact(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: windowQuery }) { window }: z.infer<typeof windowQuery>,
  ): Promise<object> {
    const person = await this.people.get(id);
    const facts = await this.facts.read(
      this.database.manager,
      [{ kind: 'impact', window }],
      [person],
      this.clock.now(),
    );
    return {
      personId: id,
      window,
      currency: this.programme.settings.earned_media_value.currency,
      ...facts.impact(id, window),
    };
  }

  /** Every metric of the programme, in total and per week (ISO Monday, local dates of each person). */
  @Get('insights/metrics')
  @Allow('hr')
  metrics(): Promise<object[]> {
    return this.database.query(
      `SELECT metric, to_char(date_trunc('week', day), 'YYYY-MM-DD') AS week, sum(value) AS value, count(DISTINCT person_id) AS people
       FROM metric_days GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  }
}
