import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { PROGRAMME } from './gate.query.js';
import { orderSchema } from './orders.js';
import { StopButton } from './stop-button.service.js';

type Ordered = z.infer<typeof orderSchema>;
interface Asked {
  caller: Caller;
}

/** Holding everything back, or one workflow, without losing anything. */
@ApiTags('steering')
@Controller('engagement')
@Allow('admin')
export class StopButtonController {
  constructor(private readonly button: StopButton) {}

  /** What is stopped, since when, by whom, and how much is held for it. */
  @Get('stops')
  @Allow('hr')
  list(): Promise<object> {
    return this.button.list();
  }

  /** The one big stop button: nothing starts, no timer fires, nothing is sent. */
  @Post('stop')
  @HttpCode(200)
  stop(@Req() { caller }: Asked, @Body({ schema: orderSchema }) { reason }: Ordered): Promise<object> {
    return this.button.stop(caller, PROGRAMME, reason);
  }

  @Post('resume')
  @HttpCode(200)
  resume(@Req() { caller }: Asked, @Body({ schema: orderSchema }) { reason }: Ordered): Promise<object> {
    return this.button.resume(caller, PROGRAMME, reason);
  }

  /** No run of it starts or goes on; what would have started or moved one is kept until it is resumed. */
  @Post('workflows/:id/pause')
  @HttpCode(200)
  pauseWorkflow(
    @Req() { caller }: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) { reason }: Ordered,
  ): Promise<object> {
    return this.button.stop(caller, id, reason);
  }

  @Post('workflows/:id/resume')
  @HttpCode(200)
  resumeWorkflow(
    @Req() { caller }: Asked,
    @Param('id') id: string,
    @Body({ schema: orderSchema }) { reason }: Ordered,
  ): Promise<object> {
    return this.button.resume(caller, id, reason);
  }
}
