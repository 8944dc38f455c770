import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { causes } from './suppressions.query.js';
import { Suppressions } from './suppressions.service.js';
import type { SuppressionView } from './suppressions.service.js';

const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  email: z.email().optional(),
  cause: z.enum(causes).optional(),
  standing: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.uuid().optional(),
});
const reason = z.string().trim().min(1).max(500);
const addBody = z.strictObject({ personId: z.uuid(), reason });
const releaseBody = z.strictObject({ reason });

/** Whom nothing is sent to, why, since when and by whom. */
@ApiTags('suppressions')
@Controller('notification/suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: Suppressions) {}

  @Get()
  @Allow('admin', 'hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<object> {
    return this.suppressions.list(query);
  }

  @Get(':id')
  @Allow('admin', 'hr')
  get(@Param('id', { schema: z.uuid() }) id: string): Promise<SuppressionView> {
    return this.suppressions.get(id);
  }

  @Post()
  @Allow('admin', 'hr')
  add(
    @Body({ schema: addBody }) body: z.infer<typeof addBody>,
    @CalledBy() caller: Caller,
  ): Promise<SuppressionView> {
    return this.suppressions.addByHand(body.personId, body.reason, caller.name);
  }

  /** Mails go out again; the reason and the key are kept. */
  @Post(':id/release')
  @HttpCode(200)
  @Allow('admin', 'hr')
  release(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: releaseBody }) body: z.infer<typeof releaseBody>,
    @CalledBy() caller: Caller,
  ): Promise<SuppressionView> {
    return this.suppressions.release(id, body.reason, caller.name);
  }
}
