import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { ReachService } from './reach.service.js';
import { totalsSchema } from './totals.schema.js';
import type { Totals } from './totals.schema.js';

/** What networks measured of a share. */
@ApiTags('reach')
@Controller('content/shares')
export class ReachController {
  constructor(private readonly reach: ReachService) {}

  /** Reports the totals of a share; the programme hears of the difference, also when a correction lowers a figure. */
  @Put(':id/measures')
  @Allow('hr', 'partner')
  measure(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: totalsSchema }) body: Totals,
  ): Promise<object> {
    return this.reach.measure(id, body);
  }
}
