import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { OnEvents } from '#libs/messaging';
import type { BatchContext } from '#libs/messaging';
import { Recipients } from './recipients.service.js';

/** Keeps the projection in step: the event says that something changed, the answer to a question says what is true now. */
@Controller()
export class RecipientsConsumer {
  constructor(private readonly recipients: Recipients) {}

  @OnEvents('recipients', 'person.changed')
  async on(@Payload() events: EventOf<'person.changed'>[], @Ctx() context: BatchContext): Promise<void> {
    const ids = [...new Set(events.map(({ data }) => data.personId))];
    await this.recipients.refresh(context.manager, ids);
  }
}
