import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { GoalsService } from './goals.service.js';

/** The launch, and what was hoped of it. */
@ApiTags('goals')
@Controller('engagement')
export class GoalsController {
  constructor(private readonly goals: GoalsService) {}

  /** Every goal with how far it has come. */
  @Get('goals')
  @Allow('hr')
  list(): Promise<object[]> {
    return this.goals.list();
  }

  /** The programme begins; goals count from here. Only the first call counts. */
  @Post('programme/launch')
  @HttpCode(200)
  @Allow('hr')
  launch(@CalledBy() who: Caller): Promise<object> {
    return this.goals.launch(who);
  }
}
