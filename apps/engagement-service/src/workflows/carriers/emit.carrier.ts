import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import type { EmitEffect } from '#libs/workflow';
import { ActivitiesService } from '../../activities/activities.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** What workflows say becomes an activity of its person, which rules count; about nobody it is only an event. */
@Injectable()
export class EmitCarrier implements Carrier<'emit'> {
  readonly type = 'emit';

  constructor(
    private readonly activities: ActivitiesService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  whatOf({ event: type }: EmitEffect): string {
    return type;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<EmitEffect>[]): Promise<Aftermath> {
    const ofNobody = wanted.filter(({ effect }) => effect.personId === null);
    await this.outbox.add(
      manager,
      ofNobody.map(({ effect: { intentKey, event: activityType, data, depth } }) =>
        event('workflow.emitted', { activityType, data, depth }, { id: stableId('emitted', intentKey) }),
      ),
    );
    return this.record(
      manager,
      wanted.filter(({ effect }) => effect.personId !== null),
    );
  }

  private async record(manager: EntityManager, wanted: readonly Wanted<EmitEffect>[]): Promise<Aftermath> {
    const occurredAt = this.clock.now().getTime();
    const named = wanted.filter(({ effect }) => isId(effect.personId));
    const unknown = await this.activities.recordOwn(
      manager,
      named.map(({ effect: { intentKey, event: type, personId, data, depth } }) => ({
        activity: {
          id: stableId('emitted', intentKey),
          type,
          personId: personId!,
          objectId: null,
          occurredAt,
          data,
        },
        depth,
      })),
    );
    const refused = wanted.filter(
      ({ effect: { personId } }) => !isId(personId) || unknown.has(personId.toLowerCase()),
    );
    return {
      refusals: refused.map((item) => ({
        wanted: item,
        reason: `there is no person "${item.effect.personId}"`,
      })),
    };
  }
}
