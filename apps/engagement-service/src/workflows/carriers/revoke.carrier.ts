import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RevokeEffect } from '#libs/workflow';
import { BadgesService } from '../../badges/badges.service.js';
import { RewardsService } from '../../rewards/rewards.service.js';
import { HoldsService } from '../../scoring/holds.service.js';
import { isId } from './carrier.js';
import type { Aftermath, Carrier, Wanted } from './carrier.js';

/** Badges, points and rewards are taken back, with a reason. */
@Injectable()
export class RevokeCarrier implements Carrier<'revoke'> {
  readonly type = 'revoke';

  constructor(
    private readonly badges: BadgesService,
    private readonly holds: HoldsService,
    private readonly rewards: RewardsService,
  ) {}

  whatOf({ badge, claim, hold, entries }: RevokeEffect): string {
    if (badge !== undefined) return badge;
    if (claim !== undefined) return `claim ${claim}`;
    if (hold !== undefined) return `hold ${hold}`;
    return entries ? `${entries.length} ledger entries` : 'points that were set aside';
  }

  async carryOut(manager: EntityManager, wanted: readonly Wanted<RevokeEffect>[]): Promise<Aftermath> {
    const refusals = [];
    for (const item of wanted)
      if (!(await this.takeBack(manager, item)))
        refusals.push({ wanted: item, reason: 'there was nothing to take back' });
    return { refusals };
  }

  /** Whether there was anything. */
  private async takeBack(manager: EntityManager, { run, effect }: Wanted<RevokeEffect>): Promise<boolean> {
    const { badge, to, claim, hold, held, entries = [] } = effect;
    const reason = effect.reason ?? `Taken back by the workflow "${run.workflowId}".`;
    if (badge !== undefined) {
      const periodKey = this.badges.toldPeriod(badge, run.event?.['periodKey']);
      return isId(to) && this.badges.revoke(manager, { badge, personId: to, periodKey, reason });
    }
    if (claim !== undefined) return isId(claim) && this.rewards.reject(manager, claim, reason);
    if (hold !== undefined)
      return isId(hold) && (await this.holds.reverseHeld(manager, { id: hold }, reason)) > 0;
    if (held !== undefined) return (await this.holds.reverseHeld(manager, { key: held }, reason)) > 0;
    return (await this.holds.reverse(manager, entries.filter(isId), reason)) > 0;
  }
}
