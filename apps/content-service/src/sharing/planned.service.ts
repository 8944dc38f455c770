import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, Pollers, newId, notFound, stableId } from '#libs/platform';
import type { Network } from './networks.js';
import type { NewShare, PlanPatch } from './share.schema.js';
import { SharingService } from './sharing.service.js';
import type { Share } from './sharing.service.js';

const BATCH = 500;
const YEAR_MS = 366 * 86_400_000;

/** A share that somebody means to make at a time of their own. */
export interface PlannedShare extends NewShare {
  id: string;
  at: Date;
  status: 'planned' | 'due' | 'shared' | 'cancelled';
  shareId: string | null;
}

interface Due {
  id: string;
  postId: string;
  personId: string;
  network: Network;
  title: string;
}

const COLUMNS = `id, post_id AS "postId", person_id AS "personId", network, caption, due_at AS at, status, share_id AS "shareId"`;

/** People's own shares, planned for later: at the time they are told that it is ready, and make it themselves. */
@Injectable()
export class PlannedService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly sharing: SharingService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    const nextDue = (): Promise<Date | null> => this.nextDue();
    this.pollers.add({ name: 'planned shares', work: () => this.tellDue(), nextDue, everyMs: 5_000 });
  }

  /** Throws what sharing now would throw, `at_past` or `at_too_far`. */
  async plan(share: NewShare, at: string): Promise<PlannedShare> {
    const due = this.dueAt(at);
    await this.sharing.wanted(share, null);
    const id = newId();
    await this.database.query(
      `INSERT INTO planned_shares (id, post_id, person_id, network, caption, due_at, status, planned_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7)`,
      [id, share.postId, share.personId, share.network, share.caption, due, this.clock.now()],
    );
    return this.get(id);
  }

  /** Throws `planned_share_unknown`. */
  async get(id: string, manager: EntityManager = this.database.manager): Promise<PlannedShare> {
    const [planned]: PlannedShare[] = await manager.query(
      `SELECT ${COLUMNS} FROM planned_shares WHERE id = $1`,
      [id],
    );
    if (!planned) throw notFound('planned_share', id);
    return planned;
  }

  /** Somebody's planned shares, the next first. */
  list(personId: string): Promise<PlannedShare[]> {
    return this.database.query(
      `SELECT ${COLUMNS} FROM planned_shares WHERE person_id = $1 AND status IN ('planned', 'due') ORDER BY due_at, id LIMIT 1000`,
      [personId],
    );
  }

  /** Another time or other words; what is due already is planned anew by another time. Throws `planned_share_unknown` or `planned_share_over`. */
  async change(id: string, { caption, at }: PlanPatch): Promise<PlannedShare> {
    const due = at === undefined ? null : this.dueAt(at);
    const before = await this.get(id);
    if (caption !== undefined) await this.sharing.wanted({ ...before, caption }, null);
    await this.settle(
      id,
      `caption = COALESCE($2, caption), due_at = COALESCE($3, due_at), status = CASE WHEN $3::timestamptz IS NULL THEN status ELSE 'planned' END`,
      [caption ?? null, due],
    );
    return this.get(id);
  }

  /** Throws `planned_share_unknown` or `planned_share_over`. */
  async cancel(id: string): Promise<void> {
    await this.settle(id, `status = 'cancelled'`, []);
  }

  /** Makes the share, now or when it is due; once more gives the same share. Throws what sharing throws, or `planned_share_over`. */
  async share(id: string): Promise<Share> {
    const { postId, personId, network, caption } = await this.get(id);
    const wanted = await this.sharing.wanted({ postId, personId, network, caption }, `planned ${id}`);
    return this.database.transaction(async (manager) => {
      const [row]: { status: string }[] = await manager.query(
        `SELECT status FROM planned_shares WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (row!.status === 'cancelled') throw over;
      const stored = await this.sharing.storeOne(manager, wanted);
      await manager.query(`UPDATE planned_shares SET status = 'shared', share_id = $2 WHERE id = $1`, [
        id,
        stored.id,
      ]);
      return this.sharing.present(stored);
    });
  }

  /** Tells the people whose time has come, each once; of those who have left or whose post is gone nobody is told. */
  async tellDue(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const [due]: [(Due & { at: Date; tell: boolean })[], number] = await manager.query(
        `UPDATE planned_shares p SET status = CASE WHEN posts.status = 'published' AND COALESCE(people.active, false) THEN 'due' ELSE 'cancelled' END
         FROM (SELECT id FROM planned_shares WHERE status = 'planned' AND due_at <= $1 ORDER BY due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) d
         JOIN planned_shares q ON q.id = d.id JOIN posts ON posts.id = q.post_id LEFT JOIN people ON people.person_id = q.person_id
         WHERE p.id = d.id
         RETURNING p.id, p.post_id AS "postId", p.person_id AS "personId", p.network, p.due_at AS at, posts.title, p.status = 'due' AS tell`,
        [this.clock.now()],
      );
      const told = due.filter(({ tell }) => tell);
      await this.outbox.add(
        manager,
        told.map(({ id, postId, personId, network, title, at }) =>
          event(
            'share.due',
            { plannedShareId: id, postId, personId, network, title },
            { id: stableId('share.due', id, at.toISOString()) },
          ),
        ),
      );
      return due.length;
    });
  }

  private async nextDue(): Promise<Date | null> {
    const [row]: { at: Date | null }[] = await this.database.query(
      `SELECT min(due_at) AS at FROM planned_shares WHERE status = 'planned'`,
    );
    return row!.at;
  }

  private dueAt(at: string): Date {
    const due = new Date(at);
    const ahead = due.getTime() - this.clock.now().getTime();
    if (ahead <= 0) throw new DomainError('at_past', 422, 'This time is over; share it now.');
    if (ahead > YEAR_MS) throw new DomainError('at_too_far', 422, 'Plan a share for within a year.');
    return due;
  }

  private async settle(id: string, change: string, parameters: readonly unknown[]): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [, changed]: [unknown, number] = await manager.query(
        `UPDATE planned_shares SET ${change} WHERE id = $1 AND status IN ('planned', 'due')`,
        [id, ...parameters],
      );
      if (changed > 0) return;
      await this.get(id, manager);
      throw over;
    });
  }
}

const over = new DomainError('planned_share_over', 409, 'This share was made or cancelled already.');
