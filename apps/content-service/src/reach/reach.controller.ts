import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { ReachService } from './reach.service.js';

const figure = z.int().min(0).max(1_000_000_000).default(0);
/** Totals as the network shows them now; a later report replaces an earlier one. */
const totalsSchema = z.strictObject({
  impressions: figure,
  reactions: figure,
  comments: figure,
  reshares: figure,
  leads: figure,
  hires: figure,
});
export type Totals = z.infer<typeof totalsSchema>;

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
