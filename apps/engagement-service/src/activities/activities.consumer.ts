import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EventOf } from '#libs/contracts';
import { BatchContext, OnEvents } from '#libs/messaging';
import { Terminal, stableId } from '#libs/platform';
import { noteAuthors } from '../scoring/roster.query.js';
import { ActivitiesService } from './activities.service.js';
import type { NewActivity } from './activities.service.js';

type Told = EventOf<'content.shared' | 'link.clicked' | 'share.confirmed' | 'share.measured'>;

/** Takes what the content service tells of people into the log. */
@Controller()
export class ActivitiesConsumer {
  constructor(private readonly activities: ActivitiesService) {}

  @OnEvents('activities', 'content.shared', 'link.clicked', 'share.confirmed', 'share.measured')
  async record(@Payload() events: Told[], @Ctx() context: BatchContext): Promise<void> {
    await this.activities.recordTold(context.manager, events.map(activityOf));
  }

  /** A suggestion that is published is something its author did: an activity like one that is reported. It made them the post's author. */
  @OnEvents('suggestions', 'content.suggestion_published')
  async recordSuggestions(
    @Payload() events: EventOf<'content.suggestion_published'>[],
    @Ctx() context: BatchContext,
  ): Promise<void> {
    const strangers = await this.activities.recordOwn(
      context.manager,
      events.map((told) => ({ activity: suggestionOf(told) })),
    );
    if (strangers.size > 0) throw new Terminal(`there is no person "${[...strangers].join('", "')}"`);
    await noteAuthors(
      context.manager,
      events.map(({ data }) => data),
    );
  }
}

const suggestionOf = ({ id, time, data }: EventOf<'content.suggestion_published'>): NewActivity => {
  const { personId, ...rest } = data;
  return {
    // Told again under an id of its own: the broker would take a second event with the same id for the first.
    id: stableId('suggestion.published', id.toLowerCase()),
    type: 'suggestion.published',
    personId,
    objectId: data.suggestionId,
    occurredAt: Date.parse(time),
    data: rest,
  };
};

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
