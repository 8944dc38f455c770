import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { DoubtsService } from './doubts.service.js';

type Doubted = EventOf<'link.doubted' | 'share.withdrawn'>;

/** Takes back what clicks that are believed no more, and shares that are taken back, have earned. */
@Controller()
export class DoubtsConsumer {
  constructor(private readonly doubts: DoubtsService) {}

  @OnEvents('doubts', 'link.doubted', 'share.withdrawn')
  async take(@Payload() events: Doubted[], @Ctx() { manager }: BatchContext): Promise<void> {
    await this.doubts.takeBack(
      manager,
      events.map((event) =>
        event.type === 'link.doubted'
          ? {
              activityId: event.data.clickId,
              reason: `The visit is not believed any more: ${event.data.reason}.`,
            }
          : { activityId: event.data.shareId, reason: 'The share was taken back.' },
      ),
    );
  }
}
