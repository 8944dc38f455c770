import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, afterCommit, newId, notFound, stableId } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Reward } from '#libs/programme';
import { Audit } from '../audit/audit.service.js';
import { PeopleService } from '../people/people.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { leftOf, lockBudgets } from './budgets.query.js';
import { cancelDelivery, isUnderWay, wantDelivery } from './deliveries.query.js';
import type { Claim } from './reward.js';
import * as query from './rewards.query.js';

type Settling = (manager: EntityManager) => Promise<boolean>;

/** Rewards for points: the price is reserved with the claim, spent when it is approved, given back when it is not. */
@Injectable()
export class RewardsService {
  private approved = (): void => undefined;

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly people: PeopleService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Called after a claim that another system fulfils has been approved. */
  onApproved(approved: () => void): void {
    this.approved = approved;
  }

  /** The catalogue with what is left of each reward; null is no end. */
  async list(): Promise<object[]> {
    const taken = await query.takenByReward(this.database.manager);
    return this.programme.rewards.map((reward) => ({
      ...reward,
      left: reward.stock === undefined ? null : reward.stock - (taken.get(reward.id) ?? 0),
    }));
  }

  claims(filter: Parameters<typeof query.listClaims>[1]): Promise<object[]> {
    return query.listClaims(this.database.manager, filter);
  }

  /**
   * Claims a reward for somebody. Throws 409 with the reason when points, stock, the personal limit or a budget do
   * not allow it, or the id is that of another claim.
   */
  async claim(rewardId: string, personId: string, id: string = newId()): Promise<Claim> {
    const reward = this.find(rewardId);
    await this.people.mustExist([personId]);
    return this.database.transaction(async (manager) => {
      if (this.programme.rewardBudgets.length > 0) await lockBudgets(manager);
      await query.lockReward(manager, rewardId, personId);
      const known = await query.findClaim(manager, id);
      if (known) return sameClaim(known, rewardId, personId);
      refuse(reward, await query.standingOf(manager, rewardId, personId));
      await this.refuseOverBudget(manager, reward, personId);
      const claim = { id, reward: rewardId, personId, price: reward.price };
      const now = this.clock.now();
      await query.insertClaim(manager, claim, now);
      await query.postPrice(manager, 'spend', claim, `Reserved for "${reward.name}".`, now);
      await this.tell(manager, 'reward.claimed', { ...claim, state: 'claimed' });
      return { ...claim, state: 'claimed' };
    });
  }

  /** Approves a claim; saying so twice is saying it once. Returns whether it moved. */
  async approve(manager: EntityManager, id: string): Promise<boolean> {
    const moved = await this.move(manager, id, ['claimed'], 'approved', null);
    if (moved) await this.deliver(manager, (await query.findClaim(manager, id))!);
    return moved;
  }

  /** Declines a claim that has not been fulfilled and gives its price back; false also while another system is asked to hand it over. */
  async reject(manager: EntityManager, id: string, reason: string): Promise<boolean> {
    await query.lockClaim(manager, id);
    if (!(await cancelDelivery(manager, id))) return false;
    return this.move(manager, id, ['claimed', 'approved'], 'rejected', reason);
  }

  /** Handed over: by whoever says so, or by the system that was asked to, which is asked no more. */
  async fulfil(manager: EntityManager, id: string): Promise<boolean> {
    const moved = await this.move(manager, id, ['approved'], 'fulfilled', null);
    if (moved) await cancelDelivery(manager, id);
    return moved;
  }

  /** Declines a claim over REST. Throws `claim_underway` while another system is asked to hand it over, else as `settle` does. */
  rejectByHand(who: Caller, id: string, reason: string): Promise<Claim> {
    return this.settle(who, 'reject', id, async (manager) => {
      await query.lockClaim(manager, id);
      if (!(await isUnderWay(manager, id))) return this.reject(manager, id, reason);
      const detail = 'Another system is just being asked to hand it over: try again in a minute.';
      throw new DomainError('claim_underway', 409, detail);
    });
  }

  /** Settles a claim over REST, and notes who did: the claim, or 404, or 409 when it has gone another way. */
  async settle(who: Caller, action: string, id: string, work: Settling): Promise<Claim> {
    const moved = await this.database.transaction(async (manager) => {
      const before = await query.findClaim(manager, id);
      if (!(await work(manager))) return false;
      const after = await query.findClaim(manager, id);
      await this.audit.note(manager, { who, action, what: `reward claim ${id}`, before, after });
      return true;
    });
    const claim = await query.findClaim(this.database.manager, id);
    if (!claim) throw notFound('claim', id);
    if (!moved) throw new DomainError('claim_settled', 409, `This claim is ${claim.state}.`);
    return claim;
  }

  private async refuseOverBudget(manager: EntityManager, reward: Reward, personId: string): Promise<void> {
    const { rewardBudgets, settings } = this.programme;
    const whose = { personId, at: this.clock.now(), zone: settings.zone };
    for (const budget of rewardBudgets) {
      if (budget.rewards && !budget.rewards.includes(reward.id)) continue;
      if ((await leftOf(manager, budget, whose)) >= reward.price) continue;
      const detail = `The budget "${budget.id}" has too little left this ${budget.per} for "${reward.name}".`;
      throw new DomainError('budget_spent', 409, detail);
    }
  }

  private async deliver(manager: EntityManager, { id, reward, personId, price }: Claim): Promise<void> {
    const known = this.programme.rewards.find((item) => item.id === reward);
    if (known?.webhook === undefined) return;
    const now = this.clock.now();
    const data = { claimId: id, reward, rewardName: known.name, personId, price };
    const body = { type: 'reward.approved', timestamp: now.toISOString(), data };
    await wantDelivery(manager, { claimId: id, url: known.webhook, body }, now);
    afterCommit(manager, this.approved);
  }

  private async move(
    manager: EntityManager,
    id: string,
    from: readonly Claim['state'][],
    state: 'approved' | 'rejected' | 'fulfilled',
    reason: string | null,
  ): Promise<boolean> {
    const now = this.clock.now();
    const claim = await query.moveClaim(manager, id, from, { state, reason, now });
    if (!claim) return false;
    if (state === 'rejected') await query.postPrice(manager, 'release', claim, `Given back: ${reason}`, now);
    await this.tell(manager, `reward.${state}`, claim, reason);
    return true;
  }

  private async tell(
    manager: EntityManager,
    type: 'reward.claimed' | 'reward.approved' | 'reward.rejected' | 'reward.fulfilled',
    { id, reward, personId, price }: Claim,
    reason: string | null = null,
  ): Promise<void> {
    const rewardName = this.programme.rewards.find((item) => item.id === reward)?.name ?? reward;
    const data = { claimId: id, personId, reward, rewardName, price };
    const told = { id: stableId(type, id) };
    await this.outbox.add(manager, [
      type === 'reward.rejected'
        ? event(type, { ...data, reason: reason ?? '' }, told)
        : event(type, data, told),
    ]);
  }

  private find(id: string): Reward {
    const reward = this.programme.rewards.find((item) => item.id === id);
    if (!reward) throw notFound('reward', id);
    return reward;
  }
}

function refuse({ name, price, stock, per_person }: Reward, { balance, taken, own }: query.Standing): void {
  const no = (code: string, detail: string): never => {
    throw new DomainError(code, 409, detail);
  };
  if (balance < price) no('points_too_few', `"${name}" costs ${price} points; there are ${balance}.`);
  if (stock !== undefined && taken >= stock) no('reward_gone', `"${name}" is gone: all ${stock} are taken.`);
  if (per_person !== undefined && own >= per_person)
    no(
      'reward_limit',
      `"${name}" can be had ${per_person === 1 ? 'once' : `${per_person} times`} per person.`,
    );
}

/** Throws `claim_differs` where the id is that of a claim of somebody else, or on something else. */
function sameClaim(known: Claim, rewardId: string, personId: string): Claim {
  if (known.reward === rewardId && known.personId === personId) return known;
  throw new DomainError('claim_differs', 409, 'There is another claim with this id.');
}
