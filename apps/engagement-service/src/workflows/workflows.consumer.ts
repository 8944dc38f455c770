import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf, EventType } from '#libs/contracts';
import { BatchContext, Interests, OnEvents } from '#libs/messaging';
import { StartsService } from './starts.service.js';
import type { Incoming } from './starts.service.js';

/** Everything a workflow can listen to: all but our own requests to write a mail. */
const heard = [
  ...(['content.published', 'content.shared', 'link.clicked', 'share.measured'] as const),
  ...(['person.changed', 'invitation.sent', 'invitation.accepted', 'activity.recorded'] as const),
  ...(['points.awarded', 'badge.earned', 'metric.reached', 'board.closed'] as const),
  ...(['notification.sent', 'notification.failed'] as const),
] satisfies EventType[];

/** Lets events start and stop workflows. */
@Controller()
export class WorkflowsConsumer {
  constructor(
    private readonly starts: StartsService,
    interests: Interests,
  ) {
    interests.limit('workflows', (event) => starts.concerns(typeOf(event)));
  }

  @OnEvents('workflows', ...heard)
  async take(@Payload() events: EventOf<EventType>[], @Ctx() context: BatchContext): Promise<void> {
    await this.starts.take(context.manager, events.map(incomingOf));
  }
}

const typeOf = (told: EventOf<EventType>): string =>
  told.type === 'activity.recorded' ? told.data.activityType : told.type;

/** A recorded activity is an event of its own type: `on: { event: training.attended }`. */
function incomingOf(told: EventOf<EventType>): Incoming {
  const occurredAt = Date.parse(told.time);
  if (told.type !== 'activity.recorded') return { id: told.id, type: told.type, data: told.data, occurredAt };
  const { activityType, data, ...rest } = told.data;
  return { id: told.id, type: activityType, data: { ...data, ...rest }, occurredAt };
}
