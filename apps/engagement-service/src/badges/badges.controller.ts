import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Award } from './badges.query.js';
import { BadgesService } from './badges.service.js';
import { ProgressService } from './progress.service.js';
import type { BadgeProgress } from './progress.service.js';

const awardsQuery = z.strictObject({
  after: z.uuid().toLowerCase().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
const revocationSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** Badges of the programme and who has them. */
@ApiTags('badges')
@Controller('engagement')
export class BadgesController {
  constructor(
    private readonly badges: BadgesService,
    private readonly progress: ProgressService,
  ) {}

  @Get('badges')
  @Allow('hr', 'partner')
  list(): object[] {
    return this.badges.list();
  }

  /** How often each badge was earned. */
  @Get('badges/summary')
  @Allow('hr')
  summary(): Promise<object[]> {
    return this.badges.summary();
  }

  /** Who has earned a badge, oldest award first; `after` is the id of the last award of the page before. */
  @Get('badges/:badge/awards')
  @Allow('hr')
  awards(
    @Param('badge') badge: string,
    @Query({ schema: awardsQuery }) query: z.infer<typeof awardsQuery>,
  ): Promise<object[]> {
    return this.badges.awards(badge, query);
  }

  /** Takes an award back; its credential is shown as revoked from then on. */
  @Post('badges/awards/:id/revocation')
  @HttpCode(200)
  @Allow('hr')
  revoke(
    @Param('id', { schema: z.uuid().toLowerCase() }) id: string,
    @Body({ schema: revocationSchema }) body: z.infer<typeof revocationSchema>,
    @CalledBy() who: Caller,
  ): Promise<Award> {
    return this.badges.revokeByHand(who, id, body.reason);
  }

  /** What a person has earned, newest first. */
  @Get('people/:id/badges')
  @Allow('hr')
  ofPerson(@Param('id', { schema: z.uuid().toLowerCase() }) id: string): Promise<object[]> {
    return this.badges.ofPerson(id);
  }

  /** How far a person is on the way to each badge: "7 of 10", and the next tier. */
  @Get('people/:id/badges/progress')
  @Allow('hr')
  progressOf(@Param('id', { schema: z.uuid().toLowerCase() }) id: string): Promise<BadgeProgress[]> {
    return this.progress.ofPerson(id);
  }
}
