import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { localDateTime } from '#libs/calendar';
import { Clock, DomainError } from '#libs/platform';
import type { Caller, FieldError } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { Post } from './post.entity.js';
import { move } from './post-states.js';
import { calendarEntries, approvalsOf } from './schedule.query.js';
import type { CalendarEntry } from './schedule.query.js';
import { freeSlots } from './slots.js';

/** Many posts and the slots they may take, in the order given. */
export interface Plan {
  postIds: readonly string[];
  from: string;
  days: readonly number[];
  at: readonly string[];
  zone?: string | undefined;
  perDay: number;
  dryRun: boolean;
}

/** A post and its slot. */
interface Planned {
  postId: string;
  title: string;
  publishAt: Date;
  /** The same moment on the clock of the plan's zone. */
  local: string;
}

/** Plans weeks ahead, and shows what comes when. */
@Injectable()
export class ScheduleService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ContentProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Gives every post the next free slot, all or none; with `dryRun` only shows it. Throws `cannot_schedule` with every post that cannot. */
  async plan(plan: Plan, who: Caller): Promise<{ dryRun: boolean; planned: Planned[] }> {
    const { dryRun } = plan;
    const planned = await this.database.transaction(async (manager) => {
      // Two plans at once would each find the same slots free.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('laurel:schedule'))`);
      const posts = await lockPosts(manager, plan.postIds);
      const slots = await this.slotsFor(manager, plan, posts);
      await this.mustBeSchedulable(manager, { plan, posts, slots, who });
      const zone = plan.zone ?? (await this.programme.current(manager)).zone;
      if (!dryRun) await store(manager, plan.postIds, slots);
      return plan.postIds.map((postId, index) => ({
        postId,
        title: posts.get(postId)!.title,
        publishAt: new Date(slots[index]!),
        local: localDateTime(slots[index]!, zone),
      }));
    });
    return { dryRun, planned };
  }

  /** What has come out, will come out, comes again and expires in [from, to), oldest first. */
  async calendar(from: Date, to: Date): Promise<CalendarEntry[]> {
    const { manager } = this.database;
    const { zone } = await this.programme.current(manager);
    return calendarEntries(manager, { from, to, zone });
  }

  private async slotsFor(
    manager: EntityManager,
    plan: Plan,
    posts: ReadonlyMap<string, Post>,
  ): Promise<number[]> {
    const { zone } = await this.programme.current(manager);
    const taken: { id: string; at: Date }[] = await manager.query(
      `SELECT id, publish_at AS at FROM posts WHERE status = 'scheduled'`,
    );
    const others = taken.filter(({ id }) => !posts.has(id)).map(({ at }) => at.getTime());
    const rule = { ...plan, zone: plan.zone ?? zone };
    return freeSlots(rule, plan.postIds.length, others, this.clock.now().getTime());
  }

  private async mustBeSchedulable(
    manager: EntityManager,
    {
      plan,
      posts,
      slots,
      who,
    }: { plan: Plan; posts: ReadonlyMap<string, Post>; slots: number[]; who: Caller },
  ): Promise<void> {
    const { approvals: required } = await this.programme.current(manager);
    const approvals = await approvalsOf(manager, plan.postIds);
    const fields = plan.postIds.flatMap((id, index): FieldError[] => {
      const path = `postIds.${index}`;
      const post = posts.get(id);
      if (!post) return [{ path, message: `there is no post "${id}"` }];
      const own = post.editedBy === who.keyId;
      const moved = move('schedule', {
        status: post.status,
        approvals: approvals.get(id) ?? 0,
        required,
        own,
      });
      if (!moved.ok) return [{ path, message: moved.reason }];
      const at = slots[index];
      if (at === undefined) return [{ path, message: 'there is no free slot left within 400 days' }];
      if (post.expiresAt && post.expiresAt.getTime() <= at)
        return [{ path, message: `expires at ${post.expiresAt.toISOString()}, before its slot` }];
      return [];
    });
    if (fields.length > 0)
      throw new DomainError('cannot_schedule', 422, 'Nothing was scheduled: some posts cannot be.', fields);
  }
}

async function lockPosts(manager: EntityManager, ids: readonly string[]): Promise<Map<string, Post>> {
  const posts = await manager.find(Post, {
    where: { id: In([...ids]) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  return new Map(posts.map((post) => [post.id, post]));
}

async function store(
  manager: EntityManager,
  ids: readonly string[],
  slots: readonly number[],
): Promise<void> {
  await manager.query(
    `UPDATE posts SET status = 'scheduled', publish_at = s.at FROM unnest($1::uuid[], $2::timestamptz[]) AS s(id, at) WHERE posts.id = s.id`,
    [ids, slots.map((at) => new Date(at))],
  );
}
