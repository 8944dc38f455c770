import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Deliveries } from './deliveries.service.js';
import { deliveryStates } from './delivery.js';

const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  template: z.string().max(200).optional(),
  state: z.enum(deliveryStates).optional(),
  /** Id of the workflow that asked for it. */
  workflow: z.string().max(200).optional(),
  /** Requested at or after, and before. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Words of the reason, however they are written. */
  text: z.string().min(2).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.uuid().optional(),
});

const timelineQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(1).optional(),
});

const resendBody = z.strictObject({ reason: z.string().trim().min(3).max(300) });

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

  /** How many mails were sent: several deliveries may have gone as one. */
  @Get('mails')
  @Allow('admin', 'hr')
  mails(): Promise<object[]> {
    return this.deliveries.mails();
  }

  /** Everything that happened to the mails of a person, newest first. */
  @Get('people/:personId/timeline')
  @Allow('admin', 'hr')
  timeline(
    @Param('personId', { schema: z.uuid() }) personId: string,
    @Query({ schema: timelineQuery }) query: z.infer<typeof timelineQuery>,
  ): Promise<object> {
    return this.deliveries.timelineOfPerson(personId, query);
  }

  /** Sends it again; who did it and why stands in its timeline. */
  @Post(':id/resend')
  @HttpCode(202)
  @Allow('admin')
  resend(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: resendBody }) { reason }: z.infer<typeof resendBody>,
    @CalledBy() { name }: Caller,
  ): Promise<object> {
    return this.deliveries.resend(id, { by: name, reason });
  }
}
