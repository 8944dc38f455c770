import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { DoubtsService } from './doubts.service.js';
import type { Doubt } from './doubts.service.js';

type Doubted = EventOf<'link.doubted' | 'share.withdrawn'>;

/** Takes back what clicks that are believed no more, and shares that are taken back, have earned. */
@Controller()
export class DoubtsConsumer {
  constructor(private readonly doubts: DoubtsService) {}

  @OnEvents('doubts', 'link.doubted', 'share.withdrawn')
  async take(@Payload() events: Doubted[], @Ctx() { manager }: BatchContext): Promise<void> {
    await this.doubts.takeBack(manager, events.map(doubtOf));
  }
}

function doubtOf({ type, data }: Doubted): Doubt {
  const { personId } = data;
  if (type === 'share.withdrawn')
    return { activityId: data.shareId, personId, reason: 'The share was taken back.' };
  const { clickId, reason } = data as EventOf<'link.doubted'>['data'];
  return { activityId: clickId, personId, reason: `The visit is not believed any more: ${reason}.` };
}
