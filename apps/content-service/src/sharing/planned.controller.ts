import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { PlannedService } from './planned.service.js';
import type { PlannedShare } from './planned.service.js';
import { idSchema, planPatchSchema, planSchema } from './share.schema.js';
import type { PlanPatch } from './share.schema.js';
import type { Share } from './sharing.service.js';

const listQuery = z.strictObject({ personId: idSchema });

/** Shares that people plan for later. */
@ApiTags('sharing')
@Controller('content/planned-shares')
export class PlannedController {
  constructor(private readonly planned: PlannedService) {}

  /** Plans a share; at its time the person is told that it is ready (`share.due`). */
  @Post()
  @Allow('hr', 'partner')
  plan(@Body({ schema: planSchema }) { at, ...share }: z.infer<typeof planSchema>): Promise<PlannedShare> {
    return this.planned.plan(share, at);
  }

  /** Somebody's planned shares that were not made yet, the next first. */
  @Get()
  @Allow('hr', 'partner')
  list(@Query({ schema: listQuery }) { personId }: z.infer<typeof listQuery>): Promise<PlannedShare[]> {
    return this.planned.list(personId);
  }

  @Patch(':id')
  @Allow('hr', 'partner')
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: planPatchSchema }) body: PlanPatch,
  ): Promise<PlannedShare> {
    return this.planned.change(id, body);
  }

  @Get(':id')
  @Allow('hr', 'partner')
  get(@Param('id', { schema: idSchema }) id: string): Promise<PlannedShare> {
    return this.planned.get(id);
  }

  /** Makes the share: the answer has the link and the network's page. */
  @Post(':id/share')
  @Allow('hr', 'partner')
  share(@Param('id', { schema: idSchema }) id: string): Promise<Share> {
    return this.planned.share(id);
  }

  @Delete(':id')
  @Allow('hr', 'partner')
  async cancel(@Param('id', { schema: idSchema }) id: string): Promise<PlannedShare> {
    await this.planned.cancel(id);
    return this.planned.get(id);
  }
}
