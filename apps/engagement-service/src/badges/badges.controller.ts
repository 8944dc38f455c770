import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { BadgesService } from './badges.service.js';

const awardsQuery = z.strictObject({
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** Badges of the programme and who has them. */
@ApiTags('badges')
@Controller('engagement')
export class BadgesController {
  constructor(private readonly badges: BadgesService) {}

  @Get('badges')
  @Allow('hr', 'partner')
  list(): object[] {
    return this.badges.list();
  }

  /** How often each badge was earned. */
  @Get('badges/summary')
  @Allow('hr')
  summary(): Promise<object[]> {
    return this.badges.summary();
  }

  /** Who has earned a badge, oldest award first; `after` is the id of the last award of the page before. */
  @Get('badges/:badge/awards')
  @Allow('hr')
  awards(
    @Param('badge') badge: string,
    @Query({ schema: awardsQuery }) query: z.infer<typeof awardsQuery>,
  ): Promise<object[]> {
    return this.badges.awards(badge, query);
  }

  @Get('people/:id/badges')
  @Allow('hr')
  ofPerson(@Param('id', { schema: z.uuid() }) id: string): Promise<object[]> {
    return this.badges.ofPerson(id);
  }
}
