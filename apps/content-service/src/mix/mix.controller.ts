import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { CaptionsService } from './captions.service.js';
import type { AlikeCaptions } from './captions.service.js';
import { MixService } from './mix.service.js';
import type { MixReport } from './mix.service.js';

const days = z.coerce.number().int().min(1).max(366);
const mixQuery = z.strictObject({ days: days.optional() });
const captionSchema = z.strictObject({
  postId: z.uuid(),
  personId: z.uuid(),
  caption: z.string().trim().min(1).max(65_536),
});
const alikeQuery = z.strictObject({ days: days.default(30) });

/** Whether what comes out is well mixed, and whether colleagues say it in their own words. */
@ApiTags('mix')
@Controller('content')
export class MixController {
  constructor(
    private readonly mix: MixService,
    private readonly captions: CaptionsService,
  ) {}

  /** Shares of categories and calls to action beside the programme's goals, overall and by team. */
  @Get('mix')
  @Allow('hr')
  measure(@Query({ schema: mixQuery }) { days: length }: z.infer<typeof mixQuery>): Promise<MixReport> {
    return this.mix.measure(length);
  }

  /** Captions of one post that are nearly the same across colleagues, most used first. */
  @Get('captions/alike')
  @Allow('hr')
  alike(@Query({ schema: alikeQuery }) query: z.infer<typeof alikeQuery>): Promise<AlikeCaptions[]> {
    return this.captions.list(query.days);
  }

  /** How many colleagues have lately said of this post what somebody is about to say; a hint, nothing is refused. */
  @Post('captions/alike')
  @HttpCode(200)
  @Allow('hr', 'partner')
  async others(
    @Body({ schema: captionSchema }) body: z.infer<typeof captionSchema>,
  ): Promise<{ alike: number }> {
    return { alike: await this.captions.alike(body) };
  }
}
