import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { stableId } from '#libs/platform';
import type { AskEffect } from '#libs/workflow';
import { SurveysService } from '../../surveys/surveys.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** Questions become mails with links; asking for a survey opens its round. */
@Injectable()
export class AskCarrier implements Carrier<'ask'> {
  readonly type = 'ask';

  constructor(
    private readonly surveys: SurveysService,
    private readonly outbox: Outbox,
  ) {}

  whatOf({ template }: AskEffect): string {
    return template;
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<AskEffect>[]): Promise<Aftermath> {
    const good = wanted.filter(({ effect }) => isId(effect.to));
    await this.openRounds(manager, good);
    await this.outbox.add(
      manager,
      good.map((item) => this.notificationRequested(item)),
    );
    const refusals = wanted
      .filter(({ effect }) => !isId(effect.to))
      .map((item) => ({ wanted: item, reason: `"${item.effect.to}" is no person` }));
    return { refusals };
  }

  private async openRounds(manager: EntityManager, wanted: readonly Wanted<AskEffect>[]): Promise<void> {
    const asked = wanted.flatMap(({ effect: { askId, survey } }) =>
      survey === null ? [] : [{ askId, survey }],
    );
    for (const survey of new Set(asked.map((item) => item.survey))) await this.surveys.open(manager, survey);
    await this.surveys.noteAsked(manager, asked);
  }

  private notificationRequested({ run, effect }: Wanted<AskEffect>): NewEvent {
    const { intentKey, to: personId, template, question, stepId, askId, survey } = effect;
    const options = survey === null ? effect.answers : this.surveys.options(survey);
    const data = question === null ? effect.data : { question, ...effect.data };
    const workflow = { id: run.workflowId, version: run.version, runId: run.id, stepId };
    const expiresAt = new Date(effect.expiresAt).toISOString();
    const answers = { askId, options, expiresAt, anonymous: survey !== null };
    const id = stableId('notification.requested', intentKey);
    return event(
      'notification.requested',
      { intentKey, personId, template, data, workflow, answers },
      { id },
    );
  }
}
