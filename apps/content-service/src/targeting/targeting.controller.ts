import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { topicSchema } from '#libs/contracts';
import { Allow } from '#libs/platform';
import { AudienceService } from './audience.service.js';
import type { Audience } from './audience.service.js';
import { InterestsService } from './interests.service.js';

const uuid = { schema: z.uuid() };
const interestsSchema = z.strictObject({ topics: z.array(topicSchema).max(100) });
const feedQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
});

/** Who sees what, and why. */
@ApiTags('targeting')
@Controller('content')
export class TargetingController {
  constructor(
    private readonly audience: AudienceService,
    private readonly interests: InterestsService,
  ) {}

  /** Who sees this: how many, by criterion, and some of them. */
  @Get('posts/:id/audience')
  @Allow('hr')
  of(@Param('id', uuid) id: string): Promise<Audience> {
    return this.audience.of(id);
  }

  /** Why does this person see it, or why not: every criterion in words. */
  @Get('posts/:id/audience/:personId')
  @Allow('hr', 'partner')
  why(@Param('id', uuid) id: string, @Param('personId', uuid) personId: string): Promise<object> {
    return this.audience.why(id, personId);
  }

  /** What this person is shown, newest first; `after` is the id of the last post of the page before. */
  @Get('people/:id/posts')
  @Allow('hr', 'partner')
  feed(
    @Param('id', uuid) id: string,
    @Query({ schema: feedQuery }) query: z.infer<typeof feedQuery>,
  ): Promise<object[]> {
    return this.audience.feed(id, query);
  }

  /** The topics a person follows. */
  @Get('people/:id/interests')
  @Allow('hr', 'partner')
  followed(@Param('id', uuid) id: string): Promise<{ topics: string[] }> {
    return this.interests.of(id);
  }

  /** Follows these topics and no others; people move between them as they like. */
  @Put('people/:id/interests')
  @Allow('hr', 'partner')
  follow(
    @Param('id', uuid) id: string,
    @Body({ schema: interestsSchema }) { topics }: z.infer<typeof interestsSchema>,
  ): Promise<{ topics: string[] }> {
    return this.interests.follow(id, topics);
  }

  /** Every topic that posts are about or people follow, with how many follow it. */
  @Get('topics')
  @Allow('hr', 'partner')
  topics(): Promise<object[]> {
    return this.interests.topics();
  }
}
