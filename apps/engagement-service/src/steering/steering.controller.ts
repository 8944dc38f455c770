import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow, DomainError } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { RunsService } from '../workflows/runs.service.js';
import { bulkMoveSchema, bulkSchema, moveSchema, orderSchema } from './orders.js';
import type { Order } from './orders.js';
import { SteeringService } from './steering.service.js';
import type { Outcome } from './steering.service.js';

type Ordered = z.infer<typeof orderSchema>;
type Bulk = z.infer<typeof bulkSchema>;
interface Asked {
  caller: Caller;
}

/** Runs are steered one by one, or all of a filter: then a dry run counts first. */
@ApiTags('steering')
@Controller('engagement/runs')
@Allow('admin')
export class SteeringController {
  constructor(
    private readonly steering: SteeringService,
    private readonly runs: RunsService,
  ) {}

  /** Timers wait and events are kept until it is resumed; its branches pause with it. */
  @Post(':id/pause')
  @HttpCode(200)
  pause(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) body: Ordered,
  ): Promise<object> {
    return this.one(req, id, { action: 'pause', ...body });
  }

  @Post(':id/resume')
  @HttpCode(200)
  resume(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) body: Ordered,
  ): Promise<object> {
    return this.one(req, id, { action: 'resume', ...body });
  }

  /** Ends a run for good: nothing comes of it any more. */
  @Post(':id/cancel')
  @HttpCode(200)
  cancel(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) body: Ordered,
  ): Promise<object> {
    return this.one(req, id, { action: 'cancel', ...body });
  }

  /** Does again what has failed. */
  @Post(':id/retry')
  @HttpCode(200)
  retry(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) body: Ordered,
  ): Promise<object> {
    return this.one(req, id, { action: 'retry', ...body });
  }

  /** Passes over the step at which a run waits or has failed. */
  @Post(':id/skip')
  @HttpCode(200)
  skip(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) body: Ordered,
  ): Promise<object> {
    return this.one(req, id, { action: 'skip', ...body });
  }

  /** To the beginning of a step, or to where it stands in another version. */
  @Post(':id/move')
  @HttpCode(200)
  move(
    @Req() req: Asked,
    @Param('id') id: string,
    @Body({ schema: moveSchema }) body: z.infer<typeof moveSchema>,
  ): Promise<object> {
    return this.one(req, id, { action: 'move', ...aimed(body) });
  }

  @Post('pause')
  @HttpCode(200)
  pauseAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<Outcome> {
    return this.steering.many(caller, { action: 'pause', ...body });
  }

  @Post('resume')
  @HttpCode(200)
  resumeAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<Outcome> {
    return this.steering.many(caller, { action: 'resume', ...body });
  }

  @Post('cancel')
  @HttpCode(200)
  cancelAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<Outcome> {
    return this.steering.many(caller, { action: 'cancel', ...body });
  }

  @Post('retry')
  @HttpCode(200)
  retryAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<Outcome> {
    return this.steering.many(caller, { action: 'retry', ...body });
  }

  @Post('skip')
  @HttpCode(200)
  skipAll(@Req() { caller }: Asked, @Body({ schema: bulkSchema }) body: Bulk): Promise<Outcome> {
    return this.steering.many(caller, { action: 'skip', ...body });
  }

  @Post('move')
  @HttpCode(200)
  moveAll(
    @Req() { caller }: Asked,
    @Body({ schema: bulkMoveSchema }) body: z.infer<typeof bulkMoveSchema>,
  ): Promise<Outcome> {
    return this.steering.many(caller, { action: 'move', ...aimed(body) });
  }

  private async one({ caller }: Asked, id: string, order: Order): Promise<object> {
    await this.steering.one(caller, id, order);
    return this.runs.get(id);
  }
}

function aimed<T extends { version?: number | undefined; step?: string | undefined }>(body: T): T {
  if (body.version !== undefined || body.step !== undefined) return body;
  throw new DomainError('target_missing', 422, 'Say where to: a version, a step, or both.');
}
