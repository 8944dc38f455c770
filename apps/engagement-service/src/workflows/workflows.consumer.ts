import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { EventOf, EventType } from '#libs/contracts';
import { BatchContext, Interests, OnEvents } from '#libs/messaging';
import { SurveysService } from '../surveys/surveys.service.js';
import { heardTypes, incomingOf, typeOf } from './incoming.js';
import { StartsService } from './starts.service.js';
import { StopsService } from './stops.service.js';

/** Lets events start, wake and stop runs of workflows. */
@Controller()
export class WorkflowsConsumer {
  constructor(
    private readonly starts: StartsService,
    private readonly stops: StopsService,
    private readonly surveys: SurveysService,
    interests: Interests,
  ) {
    interests.limit(
      'workflows',
      (event) => isOurs(event.type) || starts.concerns(typeOf(event)),
      (type) => isOurs(type) || NAMED_WITHIN.has(type) || starts.concerns(type),
    );
  }

  @OnEvents('workflows', ...heardTypes)
  async take(@Payload() events: EventOf<EventType>[], @Ctx() { manager }: BatchContext): Promise<void> {
    const anonymous = await this.countAnswers(manager, events);
    await this.stops.take(manager, events.filter(isStop));
    const told = events.filter((event) => !isStop(event));
    await this.starts.take(
      manager,
      told.map((event) => incomingOf(event, anonymous)),
    );
  }

  /** Answers to surveys are counted and go no further; returns the ids of their questions. */
  private async countAnswers(
    manager: EntityManager,
    events: readonly EventOf<EventType>[],
  ): Promise<ReadonlySet<string>> {
    const answers = events.filter((event): event is EventOf<'answer.given'> => event.type === 'answer.given');
    const surveys = await this.surveys.surveysOf(
      manager,
      answers.map(({ data }) => data.askId),
    );
    for (const { data } of answers) {
      const survey = surveys.get(data.askId);
      if (survey !== undefined) await this.surveys.answer(manager, survey, data.askId, data.answer);
    }
    return new Set(surveys.keys());
  }
}

const isStop = (event: EventOf<EventType>): event is EventOf<'workflow.stop_requested'> =>
  event.type === 'workflow.stop_requested';

/** What concerns this consumer whatever workflows listen to. */
const isOurs = (type: EventType): boolean => type === 'workflow.stop_requested' || type === 'answer.given';

/** What these are called in workflows stands in each of them. */
const NAMED_WITHIN = new Set<EventType>([
  'activity.recorded',
  'workflow.emitted',
  'workflow.start_requested',
]);
