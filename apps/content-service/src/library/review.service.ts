import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { CommentsService } from './comments.service.js';
import type { Comment } from './comments.service.js';
import { LibraryService } from './library.service.js';
import { Post } from './post.entity.js';
import { actionsFrom, move } from './post-states.js';
import type { PostAction } from './post-states.js';
import { PublicationsService } from './publications.service.js';

/** What goes with an action. */
interface More {
  /** Of a rejection: why. */
  reason?: string;
  /** Of scheduling: when. */
  at?: Date;
}

/** Moves posts from state to state, with approvals and comments. */
@Injectable()
export class ReviewService {
  constructor(
    private readonly database: DataSource,
    private readonly library: LibraryService,
    private readonly comments: CommentsService,
    private readonly publications: PublicationsService,
    private readonly programme: ContentProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** A published post that is to be published stays as it is. Throws `post_unknown`, `transition_refused`, `approvals_missing`, `own_post` or `publish_at_wrong`. */
  async act(id: string, action: PostAction, who: Caller, more: More = {}): Promise<Post> {
    await this.database.transaction(async (manager) => {
      const post = await lockPost(manager, id);
      if (action === 'publish' && post.status === 'published') return;
      const { approvals: required } = await this.programme.current(manager);
      const approvals = await countApprovals(manager, post);
      const own = post.editedBy === who.keyId;
      const moved = move(action, { status: post.status, approvals, required, own });
      if (!moved.ok) throw new DomainError(moved.code, 409, moved.reason);
      await this.apply(manager, post, action, who, more);
    });
    return this.library.get(id);
  }

  private async apply(
    manager: EntityManager,
    post: Post,
    action: PostAction,
    who: Caller,
    { reason, at }: More,
  ): Promise<void> {
    if (reason !== undefined) await this.comments.add(manager, post.id, who, reason);
    switch (action) {
      case 'approve':
        return this.approve(manager, post, who);
      case 'schedule':
        return this.schedule(manager, post, at!);
      case 'publish':
        this.mustNotBeOver(post, this.clock.now());
        return void (await this.publications.bringOut(manager, [post.id], [post.status]));
      case 'submit':
        return setStatus(manager, post.id, 'review');
      case 'reject':
      case 'unschedule':
        return setStatus(manager, post.id, 'draft');
      case 'expire':
        return setStatus(manager, post.id, 'expired');
      case 'archive':
        return setStatus(manager, post.id, 'archived');
      case 'reopen':
        return this.reopen(manager, post.id);
    }
  }

  private async approve(manager: EntityManager, { id, version }: Post, { keyId }: Caller): Promise<void> {
    await manager.query(
      `INSERT INTO approvals (post_id, version, key_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [id, version, keyId, this.clock.now()],
    );
  }

  private async schedule(manager: EntityManager, post: Post, at: Date): Promise<void> {
    if (at <= this.clock.now())
      throw new DomainError('publish_at_wrong', 422, 'A post can only be scheduled for the future.', [
        { path: 'at', message: 'lies in the past' },
      ]);
    this.mustNotBeOver(post, at);
    await manager.query(`UPDATE posts SET status = 'scheduled', publish_at = $2 WHERE id = $1`, [
      post.id,
      at,
    ]);
  }

  private mustNotBeOver({ expiresAt }: Post, at: Date): void {
    if (expiresAt && expiresAt <= at)
      throw new DomainError(
        'publish_at_wrong',
        422,
        `This post expires at ${expiresAt.toISOString()}, before it would come out; edit it first.`,
      );
  }

  /** One that was over would be over again at once. */
  private async reopen(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `UPDATE posts SET status = 'draft', expires_at = CASE WHEN expires_at > $2 THEN expires_at END WHERE id = $1`,
      [id, this.clock.now()],
    );
  }

  /** Adds a comment. Throws `post_unknown`. */
  async say(id: string, who: Caller, text: string): Promise<Comment> {
    await this.library.get(id);
    return this.comments.add(this.database.manager, id, who, text);
  }

  /** How far the review of a post is: approvals of the present version, comments (oldest first), and what can be done. */
  async standing(id: string): Promise<object> {
    const { manager } = this.database;
    const post = await this.library.get(id);
    const { approvals: required } = await this.programme.current();
    const comments = await this.comments.of(id);
    const approvals = await countApprovals(manager, post);
    return {
      status: post.status,
      version: post.version,
      required,
      approvals,
      comments,
      actions: actionsFrom(post.status),
    };
  }
}

/** Throws `post_unknown`. */
export async function lockPost(manager: EntityManager, id: string): Promise<Post> {
  const post = await manager.findOne(Post, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!post) throw notFound('post', id);
  return post;
}

async function countApprovals(manager: EntityManager, { id, version }: Post): Promise<number> {
  const [row]: { n: number }[] = await manager.query(
    `SELECT count(*) AS n FROM approvals WHERE post_id = $1 AND version = $2`,
    [id, version],
  );
  return row!.n;
}

/** Leaves nothing planned: neither coming out nor coming again. */
async function setStatus(manager: EntityManager, id: string, status: string): Promise<void> {
  await manager.query(
    `UPDATE posts SET status = $2, publish_at = NULL, next_repeat_at = NULL WHERE id = $1`,
    [id, status],
  );
}
