import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { AudienceChecksService } from './audience-checks.service.js';

/** Whoever changes may begin or cease to match a condition. */
@Controller()
export class AudiencesConsumer {
  constructor(private readonly checks: AudienceChecksService) {}

  @OnEvents('audiences', 'person.changed', 'invitation.accepted', 'recipient.paused')
  async take(
    @Payload() events: EventOf<'person.changed' | 'invitation.accepted' | 'recipient.paused'>[],
    @Ctx() { manager }: BatchContext,
  ): Promise<void> {
    await this.checks.want(
      manager,
      events.map(({ data }) => data.personId),
    );
  }
}
