import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { LevelsService } from './levels.service.js';
import type { PersonLevel } from './levels.service.js';

/** Levels of the programme, and who has come to them. */
@ApiTags('levels')
@Controller('engagement')
export class LevelsController {
  constructor(private readonly levels: LevelsService) {}

  @Get('levels')
  @Allow('hr')
  list(): Promise<object[]> {
    return this.levels.summary();
  }

  /** The level of a person, and how much is missing to the next. */
  @Get('people/:id/level')
  @Allow('hr')
  ofPerson(@Param('id', { schema: z.uuid() }) id: string): Promise<PersonLevel> {
    return this.levels.ofPerson(id);
  }
}
