import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, Pollers, notFound, stableId } from '#libs/platform';
import type { Poller } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';
import { ProgrammeService } from '../programme/programme.service.js';

const TOLD_AT_ONCE = 500;

interface Wish {
  personId: string;
  reward: string;
  wishedAt: Date;
  balance: number;
}

/** What people wish for; once there are points enough for it, that is told, once for each wish. */
@Injectable()
export class WishesService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
    private readonly programme: ProgrammeService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'wishes', work: () => this.tellReachable(), everyMs: 5_000 });
  }

  /** Oldest first, each with how many points are missing. */
  async list(personId: string): Promise<object[]> {
    await this.people.mustExist([personId]);
    const wishes: (Wish & { told: boolean })[] = await this.database.query(
      `SELECT w.reward, wished_at AS "wishedAt", told_at IS NOT NULL AS told, COALESCE(balance, 0) AS balance
       FROM reward_wishes w LEFT JOIN balances USING (person_id) WHERE person_id = $1 ORDER BY wished_at, reward`,
      [personId],
    );
    return wishes.flatMap(({ reward, wishedAt, balance }) => {
      const known = this.programme.rewards.find(({ id }) => id === reward);
      if (!known) return [];
      const { name, price } = known;
      return [{ reward, name, price, wishedAt, missing: Math.max(0, price - balance) }];
    });
  }

  /** Wishing twice is wishing once. */
  async wish(personId: string, reward: string): Promise<object[]> {
    if (!this.programme.rewards.some(({ id }) => id === reward)) throw notFound('reward', reward);
    await this.people.mustExist([personId]);
    await this.database.query(
      `INSERT INTO reward_wishes (person_id, reward, wished_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [personId, reward, this.clock.now()],
    );
    this.poller.hint();
    return this.list(personId);
  }

  async unwish(personId: string, reward: string): Promise<object[]> {
    await this.database.query(`DELETE FROM reward_wishes WHERE person_id = $1 AND reward = $2`, [
      personId,
      reward,
    ]);
    return this.list(personId);
  }

  private tellReachable(): Promise<number> {
    const { rewards } = this.programme;
    return this.database.transaction(async (manager) => {
      const wishes = await this.reached(
        manager,
        rewards.map(({ id }) => id),
        rewards.map(({ price }) => price),
      );
      const events = wishes.map(({ personId, reward, wishedAt, balance }) => {
        const { name, price } = rewards.find(({ id }) => id === reward)!;
        const data = { personId, reward, rewardName: name, price, balance };
        return event('wish.reachable', data, {
          id: stableId('wish', personId, reward, wishedAt.toISOString()),
        });
      });
      if (events.length > 0) await this.outbox.add(manager, events);
      return events.length;
    });
  }

  /** Plan: reward_wishes_untold, then balances by key; what is told is never looked at again. */
  private async reached(manager: EntityManager, ids: string[], prices: number[]): Promise<Wish[]> {
    const [rows]: [Wish[], number] = await manager.query(
      `UPDATE reward_wishes SET told_at = $1 FROM (
         SELECT w.person_id, w.reward, b.balance FROM reward_wishes w
         JOIN unnest($2::text[], $3::int[]) AS r(reward, price) USING (reward) JOIN balances b USING (person_id)
         WHERE told_at IS NULL AND balance >= price LIMIT $4 FOR UPDATE OF w SKIP LOCKED
       ) reached WHERE reward_wishes.person_id = reached.person_id AND reward_wishes.reward = reached.reward
       RETURNING reward_wishes.person_id AS "personId", reward_wishes.reward, wished_at AS "wishedAt", reached.balance`,
      [this.clock.now(), ids, prices, TOLD_AT_ONCE],
    );
    return rows;
  }
}
