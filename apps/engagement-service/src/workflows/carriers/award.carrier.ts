import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { localDate } from '#libs/calendar';
import { Clock, stableId } from '#libs/platform';
import type { AwardEffect } from '#libs/workflow';
import { BadgesService } from '../../badges/badges.service.js';
import type { BadgeGrant } from '../../badges/grants.js';
import { ProgrammeService } from '../../programme/programme.service.js';
import { HoldsService } from '../../scoring/holds.service.js';
import { ScoringService } from '../../scoring/scoring.service.js';
import type { NewEntry } from '../../scoring/scoring.query.js';
import { RewardsService } from '../../rewards/rewards.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** Awards become badges and ledger entries, approve a claimed reward, or give back what is held. */
@Injectable()
export class AwardCarrier implements Carrier<'award'> {
  readonly type = 'award';

  constructor(
    private readonly badges: BadgesService,
    private readonly scoring: ScoringService,
    private readonly rewards: RewardsService,
    private readonly holds: HoldsService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  whatOf({ badge, points, claim, hold }: AwardEffect): string {
    if (hold !== undefined) return `hold ${hold}`;
    return badge ?? (claim === undefined ? `${points} points` : `claim ${claim}`);
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<AwardEffect>[]): Promise<Aftermath> {
    const badges = wanted.filter(({ effect }) => effect.badge !== undefined);
    await this.badges.grant(
      manager,
      badges.map((item) => this.grantOf(item)),
    );
    const points = wanted.filter(({ effect }) => effect.points !== undefined);
    if (points.length > 0)
      await this.scoring.post(
        manager,
        points.map((item) => this.entryOf(item)),
      );
    return this.approve(
      manager,
      wanted.filter(({ effect }) => effect.claim !== undefined || effect.hold !== undefined),
    );
  }

  private async approve(manager: EntityManager, wanted: readonly Wanted<AwardEffect>[]): Promise<Aftermath> {
    const refusals = [];
    for (const item of wanted) {
      const { claim, hold } = item.effect;
      const done = hold === undefined ? this.approveClaim(manager, claim) : this.giveBack(manager, item);
      const what = hold === undefined ? `claim "${claim}"` : `hold "${hold}"`;
      if (!(await done))
        refusals.push({ wanted: item, reason: `the ${what} is not there, or settled already` });
    }
    return { refusals };
  }

  private async approveClaim(manager: EntityManager, claim: string | undefined): Promise<boolean> {
    return isId(claim) && this.rewards.approve(manager, claim);
  }

  private async giveBack(manager: EntityManager, { run, effect }: Wanted<AwardEffect>): Promise<boolean> {
    const { hold, reason } = effect;
    const why = reason ?? `Given back by the workflow "${run.workflowId}".`;
    return isId(hold) && (await this.holds.release(manager, { id: hold }, why)) > 0;
  }

  /** A workflow gives the badge of the period its trigger belongs to: a weekly board closed on Monday crowns last week. */
  private grantOf({ run, effect, triggeredAt }: Wanted<AwardEffect>): BadgeGrant {
    const badge = effect.badge!;
    const day = localDate(triggeredAt, this.programme.settings.zone);
    return {
      badge,
      personId: effect.to,
      cause: `workflow ${run.workflowId}`,
      earnedAt: this.clock.now(),
      periodKey: this.badges.toldPeriod(badge, run.event?.['periodKey']) ?? this.badges.periodKey(badge, day),
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
}
