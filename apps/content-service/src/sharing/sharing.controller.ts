import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { networks } from '#libs/contracts';
import { Allow } from '#libs/platform';
import { SharingService } from './sharing.service.js';
import type { Share } from './sharing.service.js';

/** Ids travel in events, where they are compared as texts. */
const id = z.uuid().transform((text) => text.toLowerCase());
const shareSchema = z.strictObject({
  postId: id,
  personId: id,
  network: z.enum(networks),
  caption: z.string().trim().max(3000).default(''),
});
const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

/** Sharing posts with tracked links. */
@ApiTags('sharing')
@Controller('content')
export class SharingController {
  constructor(private readonly sharing: SharingService) {}

  /** Shares a post in somebody's name; answers with the tracked link and the network's own page to confirm on. */
  @Post('shares')
  @Allow('hr', 'partner')
  share(@Body({ schema: shareSchema }) body: z.infer<typeof shareSchema>): Promise<Share> {
    return this.sharing.share(body);
  }

  /** Newest first, with clicks. */
  @Get('shares')
  @Allow('hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<Share[]> {
    return this.sharing.list(query);
  }

  @Get('summary')
  @Allow('hr')
  summary(): Promise<object> {
    return this.sharing.summary();
  }
}
