import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { stableId } from '#libs/platform';
import type { PublishEffect, StartEffect, StopEffect } from '#libs/workflow';
import { SurveysService } from '../../surveys/surveys.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** Other workflows are started through our own ears: the request commits here and is taken as any event, once. */
@Injectable()
export class StartCarrier implements Carrier<'start'> {
  readonly type = 'start';

  constructor(private readonly outbox: Outbox) {}

  whatOf({ workflow }: StartEffect): string {
    return workflow;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<StartEffect>[]): Promise<void> {
    await this.outbox.add(
      manager,
      wanted.map(({ effect: { intentKey, workflow, personId, key, event: data } }) =>
        event(
          'workflow.start_requested',
          { workflow, personId, key, data },
          { id: stableId('start', intentKey) },
        ),
      ),
    );
  }
}

/** Other runs are ended through our own ears too: to lock them here would be to wait for others who wait for us. */
@Injectable()
export class StopCarrier implements Carrier<'stop'> {
  readonly type = 'stop';

  constructor(private readonly outbox: Outbox) {}

  whatOf({ workflow }: StopEffect): string {
    return workflow;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<StopEffect>[]): Promise<void> {
    await this.outbox.add(
      manager,
      wanted.map(({ effect: { intentKey, workflow, personId, key, exceptRootId, reason } }) =>
        event(
          'workflow.stop_requested',
          { workflow, personId, key, exceptRootId, reason },
          { id: stableId('stop', intentKey) },
        ),
      ),
    );
  }
}

/** Surveys are closed and told; the content service is asked to publish posts. */
@Injectable()
export class PublishCarrier implements Carrier<'publish'> {
  readonly type = 'publish';

  constructor(
    private readonly surveys: SurveysService,
    private readonly outbox: Outbox,
  ) {}

  whatOf({ survey, post }: PublishEffect): string {
    return survey ?? post ?? '';
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<PublishEffect>[]): Promise<Aftermath> {
    for (const survey of new Set(wanted.flatMap(({ effect }) => effect.survey ?? [])))
      await this.surveys.close(manager, survey);
    const posts = wanted.filter(({ effect }) => effect.post !== undefined);
    await this.outbox.add(
      manager,
      posts
        .filter(({ effect }) => isId(effect.post))
        .map(({ effect: { intentKey, post } }) =>
          event(
            'content.publish_requested',
            { postId: post! },
            { id: stableId('content.publish_requested', intentKey) },
          ),
        ),
    );
    const refused = posts.filter(({ effect }) => !isId(effect.post));
    return {
      refusals: refused.map((item) => ({ wanted: item, reason: `"${item.effect.post}" is no post` })),
    };
  }
}
