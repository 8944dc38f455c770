import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { Trials } from './trials.service.js';
import type { TrialResult } from './trials.service.js';

const trialBody = z.strictObject({
  /** Who gets it: yourself, or a colleague who is to look at it. */
  personId: z.uuid(),
  /** In place of the person's own. */
  locale: z.string().max(35).optional(),
  draft: z.boolean().default(false),
});
export type TrialOrder = z.infer<typeof trialBody>;

/** Sending the sample mail of a template, to see it in one's own mailbox. */
@ApiTags('templates')
@Controller('notification/templates')
export class TrialsController {
  constructor(private readonly trials: Trials) {}

  /** Sends at once and answers how it went; it is no delivery, so it waits for nothing and counts nowhere. */
  @Post(':id/test')
  @HttpCode(200)
  @Allow('admin', 'hr')
  send(@Param('id') id: string, @Body({ schema: trialBody }) order: TrialOrder): Promise<TrialResult> {
    return this.trials.send(id, order);
  }
}
