import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Claim } from './reward.js';
import { RewardsService } from './rewards.service.js';

const claimSchema = z.strictObject({
  personId: z.uuid().toLowerCase(),
  /** Makes telling the same claim again harmless. */
  id: z.uuid().toLowerCase().optional(),
});
const reasonSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });
const listQuery = z.strictObject({
  personId: z.uuid().toLowerCase().optional(),
  state: z.enum(['claimed', 'approved', 'rejected', 'fulfilled']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const uuid = { schema: z.uuid().toLowerCase() };

/** What points can be given for, and who has asked for what. */
@ApiTags('rewards')
@Controller('engagement')
export class RewardsController {
  constructor(private readonly rewards: RewardsService) {}

  @Get('rewards')
  @Allow('hr')
  list(): Promise<object[]> {
    return this.rewards.list();
  }

  /** Claims a reward for somebody; its price is reserved at once. */
  @Post('rewards/:id/claims')
  @Allow('hr', 'partner')
  claim(
    @Param('id') id: string,
    @Body({ schema: claimSchema }) body: z.infer<typeof claimSchema>,
  ): Promise<Claim> {
    return this.rewards.claim(id, body.personId, body.id);
  }

  @Get('reward-claims')
  @Allow('hr')
  claims(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<object[]> {
    return this.rewards.claims(query);
  }

  @Post('reward-claims/:id/approve')
  @HttpCode(200)
  @Allow('hr')
  approve(@Param('id', uuid) id: string, @CalledBy() who: Caller): Promise<Claim> {
    return this.rewards.settle(who, 'approve', id, (manager) => this.rewards.approve(manager, id));
  }

  /** Declines the claim; the price goes back at once. */
  @Post('reward-claims/:id/reject')
  @HttpCode(200)
  @Allow('hr')
  reject(
    @Param('id', uuid) id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @CalledBy() who: Caller,
  ): Promise<Claim> {
    return this.rewards.rejectByHand(who, id, reason);
  }

  /** The reward has been handed over. */
  @Post('reward-claims/:id/fulfil')
  @HttpCode(200)
  @Allow('hr', 'partner')
  fulfil(@Param('id', uuid) id: string, @CalledBy() who: Caller): Promise<Claim> {
    return this.rewards.settle(who, 'fulfil', id, (manager) => this.rewards.fulfil(manager, id));
  }
}
