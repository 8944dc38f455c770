import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { Deliveries } from './deliveries.service.js';
import { deliveryStates } from './delivery.js';

const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  template: z.string().max(200).optional(),
  state: z.enum(deliveryStates).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.uuid().optional(),
});

/** What was to be sent, to whom, and how it went. */
@ApiTags('deliveries')
@Controller('notification/deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: Deliveries) {}

  @Get()
  @Allow('admin', 'hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<object> {
    return this.deliveries.list(query);
  }

  @Get('summary')
  @Allow('admin', 'hr')
  summary(): Promise<object[]> {
    return this.deliveries.summary();
  }

  @Get(':id')
  @Allow('admin', 'hr')
  get(@Param('id', { schema: z.uuid() }) id: string): Promise<object> {
    return this.deliveries.get(id);
  }

  @Post(':id/resend')
  @HttpCode(202)
  @Allow('admin')
  resend(@Param('id', { schema: z.uuid() }) id: string): Promise<object> {
    return this.deliveries.resend(id);
  }
}
