import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ReplyOf, RequestOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Allow } from '#libs/platform';
import { InvitationsService } from './invitations.service.js';
import type { Invitation, WaveResult } from './invitations.service.js';

const waveSchema = z.strictObject({
  wave: z.string().min(1).max(100),
  personIds: z.array(z.uuid()).min(1).max(10_000),
  expiresInDays: z.int().min(1).max(365).default(60),
});
const listQuery = z.strictObject({ wave: z.string().optional() });

/** Invitations in waves. */
@ApiTags('invitations')
@Controller('engagement/invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /** Invites people: the mail and the reminders are the business of workflows. */
  @Post()
  @Allow('hr')
  invite(@Body({ schema: waveSchema }) body: z.infer<typeof waveSchema>): Promise<object> {
    return this.invitations.invite({
      name: body.wave,
      personIds: body.personIds,
      expiresInDays: body.expiresInDays,
    });
  }

  @Get()
  @Allow('hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<Invitation[]> {
    return this.invitations.list(query.wave);
  }

  /** Invited and accepted per wave. */
  @Get('funnel')
  @Allow('hr')
  funnel(): Promise<WaveResult[]> {
    return this.invitations.funnel();
  }
}

/** Gives the notification service the links it writes into mails. */
@Controller()
export class InvitationsConsumer {
  constructor(private readonly invitations: InvitationsService) {}

  @OnRequest('invitations.links')
  async links(@Payload() request: RequestOf<'invitations.links'>): Promise<ReplyOf<'invitations.links'>> {
    return { links: await this.invitations.links(request.invitationIds) };
  }
}
