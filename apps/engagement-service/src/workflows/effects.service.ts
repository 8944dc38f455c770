import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import type { AwardEffect, Effect, ExpandEffect, Run, SendEffect } from '#libs/workflow';
import { BadgesService } from '../badges/badges.service.js';
import type { BadgeGrant } from '../badges/badges.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { ScoringService } from '../scoring/scoring.service.js';
import type { NewEntry } from '../scoring/scoring.query.js';

/** An effect with the run that wants it and when that run was triggered. */
export interface Wanted<E extends Effect = Effect> {
  run: Run;
  triggeredAt: number;
  effect: E;
}

const isOf =
  <T extends Effect['type']>(type: T) =>
  (wanted: Wanted): wanted is Wanted<Extract<Effect, { type: T }>> =>
    wanted.effect.type === type;

/** Carries out what runs want, in the transaction that stores their state: mails become events, awards become entries. */
@Injectable()
export class EffectsService {
  constructor(
    private readonly outbox: Outbox,
    private readonly badges: BadgesService,
    private readonly scoring: ScoringService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  async carryOut(manager: EntityManager, wanted: readonly Wanted[]): Promise<void> {
    const sends = await this.fresh(manager, wanted.filter(isOf('send')));
    await this.outbox.add(manager, sends.map(notificationRequested));
    await this.award(manager, await this.fresh(manager, wanted.filter(isOf('award'))));
    await this.expand(manager, wanted.filter(isOf('expand')));
  }

  /** Notes the intents and keeps those that were never wanted before: this is what makes a mail or a point single. */
  private async fresh<E extends SendEffect | AwardEffect>(
    manager: EntityManager,
    wanted: readonly Wanted<E>[],
  ): Promise<Wanted<E>[]> {
    if (wanted.length === 0) return [];
    const rows = wanted.map(({ run, effect }) => ({
      key: effect.intentKey,
      runId: run.id,
      rootId: run.rootId,
      workflowId: run.workflowId,
      stepId: effect.stepId,
      kind: effect.type,
      personId: effect.to,
      what: whatOf(effect),
    }));
    const noted: { key: string }[] = await manager.query(
      `INSERT INTO intents (intent_key, run_id, root_id, workflow_id, step_id, kind, person_id, what, at)
       SELECT key, "runId", "rootId", "workflowId", "stepId", kind, "personId", what, $2
       FROM jsonb_to_recordset($1::jsonb) AS i(key text, "runId" text, "rootId" text, "workflowId" text, "stepId" text, kind text, "personId" uuid, what text)
       ON CONFLICT DO NOTHING RETURNING intent_key AS key`,
      [JSON.stringify(rows), this.clock.now()],
    );
    const keys = new Set(noted.map(({ key }) => key));
    return wanted.filter(({ effect }) => keys.delete(effect.intentKey));
  }

  private async award(manager: EntityManager, awards: readonly Wanted<AwardEffect>[]): Promise<void> {
    await this.badges.grant(
      manager,
      awards.filter(({ effect }) => effect.badge !== undefined).map((wanted) => this.grantOf(wanted)),
    );
    const entries = awards
      .filter(({ effect }) => effect.points !== undefined)
      .map((wanted) => this.entryOf(wanted));
    if (entries.length > 0) await this.scoring.post(manager, entries);
  }

  /** A workflow gives the badge of the period its trigger belongs to: a weekly board closed on Monday crowns last week. */
  private grantOf({ run, effect, triggeredAt }: Wanted<AwardEffect>): BadgeGrant {
    const badge = effect.badge!;
    const told = run.event?.['periodKey'];
    const day = localDate(triggeredAt, this.programme.settings.zone);
    return {
      badge,
      personId: effect.to,
      cause: `workflow ${run.workflowId}`,
      earnedAt: this.clock.now(),
      periodKey: typeof told === 'string' ? told : this.badges.periodKey(badge, day),
    };
  }

  private entryOf({ run, effect }: Wanted<AwardEffect>): NewEntry {
    const id = stableId('entry', effect.intentKey);
    return {
      id,
      personId: effect.to,
      points: effect.points!,
      rule: `workflow:${run.workflowId}`,
      ruleVersion: run.version,
      sourceEventId: id,
      reason: effect.reason ?? `Given by the workflow "${run.workflowId}".`,
      occurredAt: this.clock.now(),
    };
  }

  private async expand(manager: EntityManager, wanted: readonly Wanted<ExpandEffect>[]): Promise<void> {
    for (const { run, effect, triggeredAt } of wanted) {
      await manager.query(
        `INSERT INTO expansions (id, workflow_id, version, state, run_id, step_id, items, audience, triggered_at, created_at)
         VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        [
          `${run.id}/${effect.stepId}`,
          run.workflowId,
          run.version,
          run.id,
          effect.stepId,
          effect.items ? JSON.stringify(effect.items) : null,
          effect.audience ?? null,
          new Date(triggeredAt),
          this.clock.now(),
        ],
      );
    }
  }
}

const whatOf = (effect: SendEffect | AwardEffect): string =>
  effect.type === 'send' ? effect.template : (effect.badge ?? `${effect.points} points`);

function notificationRequested({ run, effect }: Wanted<SendEffect>): NewEvent {
  const { intentKey, to: personId, template, data, stepId } = effect;
  const workflow = { id: run.workflowId, version: run.version, runId: run.id, stepId };
  const id = stableId('notification.requested', intentKey);
  return event('notification.requested', { intentKey, personId, template, data, workflow }, { id });
}
