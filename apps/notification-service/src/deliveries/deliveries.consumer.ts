import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { OnEvents } from '#libs/messaging';
import type { BatchContext } from '#libs/messaging';
import { Clock, afterCommit } from '#libs/platform';
import { Templates } from '../templates/templates.service.js';
import { insertIntended } from './deliveries.query.js';
import { Sender } from './sender.js';

/** Notes what workflows ask to be sent; the same intent asked for twice is one delivery. */
@Controller()
export class DeliveriesConsumer {
  constructor(
    private readonly clock: Clock,
    private readonly sender: Sender,
    private readonly templates: Templates,
  ) {}

  @OnEvents('deliveries', 'notification.requested', 'post.requested')
  async on(
    @Payload() events: EventOf<'notification.requested' | 'post.requested'>[],
    @Ctx() context: BatchContext,
  ): Promise<void> {
    const wanted = events.map((event) => ({
      event,
      urgent: this.templates.mannerOf(event.data.template).priority === 'urgent',
    }));
    await insertIntended(context.manager, wanted, this.clock.now());
    afterCommit(context.manager, this.sender.hint);
  }
}
