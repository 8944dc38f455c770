import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { stableId } from '#libs/platform';
import type { SendEffect } from '#libs/workflow';
import type { Carrier, Wanted } from './carrier.js';

/** Mails become events for the notification service. */
@Injectable()
export class SendCarrier implements Carrier<'send'> {
  readonly type = 'send';

  constructor(private readonly outbox: Outbox) {}

  whatOf({ template }: SendEffect): string {
    return template;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<SendEffect>[]): Promise<void> {
    await this.outbox.add(manager, wanted.map(notificationRequested));
  }
}

function notificationRequested({ run, effect }: Wanted<SendEffect>): NewEvent {
  const { intentKey, to: personId, template, data, stepId, calendar } = effect;
  const workflow = { id: run.workflowId, version: run.version, runId: run.id, stepId };
  const id = stableId('notification.requested', intentKey);
  return event(
    'notification.requested',
    { intentKey, personId, template, data, workflow, ...(calendar && { calendar }) },
    { id },
  );
}
