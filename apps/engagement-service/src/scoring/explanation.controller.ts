import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { ExplanationService } from './explanation.service.js';

const uuid = { schema: z.uuid() };

/** Why points were given, and why others were not. */
@ApiTags('points')
@Controller('engagement')
export class ExplanationController {
  constructor(private readonly explanations: ExplanationService) {}

  /** What every rule made of one activity: awarded, refused by which cap or budget, or why it does not speak of it. */
  @Get('activities/:id/explanation')
  @Allow('hr')
  activity(@Param('id', uuid) id: string): Promise<object> {
    return this.explanations.ofActivity(id);
  }

  /** One ledger entry: the rule as it stood, the activity, and what was held, given back or taken back of it. */
  @Get('points/:entryId')
  @Allow('hr')
  entry(@Param('entryId', uuid) entryId: string): Promise<object> {
    return this.explanations.ofEntry(entryId);
  }
}
