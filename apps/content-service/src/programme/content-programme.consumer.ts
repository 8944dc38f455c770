import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { ContentProgrammeService } from './content-programme.service.js';

/** Follows the programme as it is applied in the engagement service. */
@Controller()
export class ContentProgrammeConsumer {
  constructor(private readonly programme: ContentProgrammeService) {}

  @OnEvents('programme', 'programme.applied')
  async take(@Payload() events: EventOf<'programme.applied'>[], @Ctx() context: BatchContext): Promise<void> {
    await this.programme.take(context.manager, Math.max(...events.map(({ data }) => data.version)));
  }
}
