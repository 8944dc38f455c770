import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { stableId } from '#libs/platform';
import type { PostEffect } from '#libs/workflow';
import type { Carrier, Wanted } from './carrier.js';

/** Messages to channels become events for the notification service. */
@Injectable()
export class PostCarrier implements Carrier<'post'> {
  readonly type = 'post';

  constructor(private readonly outbox: Outbox) {}

  whatOf({ template, channel }: PostEffect): string {
    return `${template} to ${channel}`;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<PostEffect>[]): Promise<void> {
    await this.outbox.add(
      manager,
      wanted.map(({ run, effect: { intentKey, channel, template, data, stepId } }) => {
        const workflow = { id: run.workflowId, version: run.version, runId: run.id, stepId };
        const id = stableId('post.requested', intentKey);
        return event('post.requested', { intentKey, channel, template, data, workflow }, { id });
      }),
    );
  }
}
