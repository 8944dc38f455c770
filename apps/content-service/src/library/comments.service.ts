import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, newId } from '#libs/platform';
import type { Caller } from '#libs/platform';

const MOST = 500;

/** What somebody said about a post; `by` is the name of their key. */
export interface Comment {
  id: string;
  by: string;
  text: string;
  at: Date;
}

/** What is said about posts while they are looked at. */
@Injectable()
export class CommentsService {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async add(manager: EntityManager, postId: string, who: Caller, text: string): Promise<Comment> {
    const comment = { id: newId(), by: who.name, text, at: this.clock.now() };
    await manager.query(
      `INSERT INTO post_comments (id, post_id, key_id, by, text, at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [comment.id, postId, who.keyId, comment.by, comment.text, comment.at],
    );
    return comment;
  }

  /** The first 500, oldest first. */
  of(postId: string): Promise<Comment[]> {
    return this.database.query(
      `SELECT id, by, text, at FROM post_comments WHERE post_id = $1 ORDER BY seq LIMIT ${MOST}`,
      [postId],
    );
  }
}
