import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { LibraryService } from './library.service.js';

/** Publishes drafts when a workflow asks for it. */
@Controller()
export class LibraryConsumer {
  constructor(private readonly library: LibraryService) {}

  @OnEvents('drafts', 'content.publish_requested')
  async publish(
    @Payload() events: EventOf<'content.publish_requested'>[],
    @Ctx() context: BatchContext,
  ): Promise<void> {
    await this.library.publishDrafts(
      context.manager,
      events.map(({ data }) => data.postId),
    );
  }
}
