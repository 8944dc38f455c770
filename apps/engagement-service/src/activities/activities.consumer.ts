import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { ActivitiesService } from './activities.service.js';
import type { NewActivity } from './activities.service.js';

type Told = EventOf<'content.shared' | 'link.clicked' | 'share.measured'>;

/** Takes what the content service tells of people into the log. */
@Controller()
export class ActivitiesConsumer {
  constructor(private readonly activities: ActivitiesService) {}

  @OnEvents('activities', 'content.shared', 'link.clicked', 'share.measured')
  async record(@Payload() events: Told[], @Ctx() context: BatchContext): Promise<void> {
    await this.activities.recordTold(context.manager, events.map(activityOf));
  }
}

function activityOf(told: Told): NewActivity {
  const { personId, shareId, ...data } = told.data;
  return {
    id: told.id.toLowerCase(),
    type: told.type,
    personId,
    objectId: shareId,
    occurredAt: Date.parse(told.time),
    data: { ...data, shareId },
  };
}
