import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '#libs/platform';
import { SurveysService } from './surveys.service.js';

/** Surveys and what their rounds came to; never who said what. */
@ApiTags('surveys')
@Controller('engagement/surveys')
export class SurveysController {
  constructor(private readonly surveys: SurveysService) {}

  @Get()
  @Allow('hr')
  list(): readonly object[] {
    return this.surveys.list();
  }

  /** Newest first; `result` is null while a round is open and where too few answered. */
  @Get(':id/rounds')
  @Allow('hr')
  rounds(@Param('id') id: string): Promise<object[]> {
    return this.surveys.rounds(id);
  }
}
