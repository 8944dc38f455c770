import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { LeagueTablesService } from './league-tables.service.js';

/** A week by its key, such as 2026-W03; without it the newest. */
const weekQuery = z.strictObject({ period: z.string().max(20).optional() });
type WeekQuery = z.infer<typeof weekQuery>;

/** Leagues: small groups of about equally active people, a week each. */
@ApiTags('leagues')
@Controller('engagement/leagues')
export class LeaguesController {
  constructor(private readonly tables: LeagueTablesService) {}

  @Get()
  @Allow('hr', 'partner')
  list(): object[] {
    return this.tables.list();
  }

  /** All groups of a week and how many play in each. */
  @Get(':id')
  @Allow('hr')
  overview(@Param('id') id: string, @Query({ schema: weekQuery }) { period }: WeekQuery): Promise<object> {
    return this.tables.overview(id, period);
  }

  @Get(':id/groups/:group')
  @Allow('hr')
  group(
    @Param('id') id: string,
    @Param('group', { schema: z.coerce.number().int().min(0) }) group: number,
    @Query({ schema: weekQuery }) { period }: WeekQuery,
  ): Promise<object> {
    return this.tables.group(id, group, period);
  }

  /** Somebody's own group with everybody in it. */
  @Get(':id/people/:personId')
  @Allow('hr', 'partner')
  mine(
    @Param('id') id: string,
    @Param('personId', { schema: z.uuid().toLowerCase() }) personId: string,
    @Query({ schema: weekQuery }) { period }: WeekQuery,
  ): Promise<object> {
    return this.tables.mine(id, personId, period);
  }
}
