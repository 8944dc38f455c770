import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { ChallengeStandingsService } from './challenge-standings.service.js';

/** A period by its key, such as 2026-03 or 2026-03-01..2026-03-14; without it the running one. */
const periodQuery = z.strictObject({ period: z.string().max(30).optional() });
type PeriodQuery = z.infer<typeof periodQuery>;

/** Goals for a time, of people, teams and everybody together. */
@ApiTags('challenges')
@Controller('engagement/challenges')
export class ChallengesController {
  constructor(private readonly standings: ChallengeStandingsService) {}

  @Get()
  @Allow('hr', 'partner')
  list(): object[] {
    return this.standings.list();
  }

  /** How far a challenge has come. */
  @Get(':id')
  @Allow('hr', 'partner')
  get(@Param('id') id: string, @Query({ schema: periodQuery }) { period }: PeriodQuery): Promise<object> {
    return this.standings.get(id, period);
  }

  /** How far somebody, their team, or everybody with them has come. */
  @Get(':id/people/:personId')
  @Allow('hr', 'partner')
  ofPerson(
    @Param('id') id: string,
    @Param('personId', { schema: z.uuid().toLowerCase() }) personId: string,
    @Query({ schema: periodQuery }) { period }: PeriodQuery,
  ): Promise<object> {
    return this.standings.ofPerson(id, personId, period);
  }
}
