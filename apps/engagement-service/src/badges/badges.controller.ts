import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { BadgesService } from './badges.service.js';

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

  @Get('people/:id/badges')
  @Allow('hr')
  ofPerson(@Param('id', { schema: z.uuid() }) id: string): Promise<object[]> {
    return this.badges.ofPerson(id);
  }
}
