import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, IsNull, Not, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { canonicalAddress } from '#libs/feeds';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, newId, notFound } from '#libs/platform';
import { Post } from './post.entity.js';
import type { Category } from './post.entity.js';

/** What is needed to publish a post. */
export interface NewPost {
  title: string;
  url: string;
  summary: string;
  imageUrl: string | null;
  category: Category;
  language: string;
  sourceId: string | null;
  draft?: boolean;
}

interface Told {
  id: string;
  title: string;
  category: string;
  language: string;
  sourceId: string | null;
}

/** The posts colleagues can share. */
@Injectable()
export class LibraryService {
  constructor(
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Throws `post_known` when the article is in the library already. */
  async add(post: NewPost): Promise<Post> {
    const [added] = await this.database.transaction((manager) => this.publishAll(manager, [post]));
    if (!added) throw new DomainError('post_known', 409, `${post.url} is in the library already.`);
    return this.get(added.id);
  }

  /** Publishes a draft. Throws `post_unknown`. */
  async publish(id: string): Promise<Post> {
    await this.database.transaction((manager) => this.publishDrafts(manager, [id]));
    return this.get(id);
  }

  /** Publishes those of these posts that are drafts, and tells of them. */
  async publishDrafts(manager: EntityManager, ids: readonly string[]): Promise<void> {
    const [published]: [Told[], number] = await manager.query(
      `UPDATE posts SET published_at = $2 WHERE id = ANY($1::uuid[]) AND published_at IS NULL
       RETURNING id, title, category, language, source_id AS "sourceId"`,
      [ids, this.clock.now()],
    );
    await this.tell(manager, published);
  }

  /** Publishes (or, of drafts, keeps) what is new of a list in the caller's transaction; articles that are known are passed over. */
  async publishAll(manager: EntityManager, posts: readonly NewPost[]): Promise<{ id: string }[]> {
    const rows = posts.map((post) => ({ ...post, id: newId(), canonicalUrl: canonicalAddress(post.url) }));
    const published: { id: string }[] = await manager.query(
      `INSERT INTO posts (id, title, url, canonical_url, summary, image_url, category, language, source_id, published_at)
       SELECT id, title, url, "canonicalUrl", summary, "imageUrl", category, language, "sourceId", CASE WHEN draft THEN NULL ELSE $2::timestamptz END
       FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, title text, url text, "canonicalUrl" text, summary text, "imageUrl" text,
         category text, language text, "sourceId" uuid, draft boolean)
       ON CONFLICT (canonical_url) DO NOTHING RETURNING id`,
      [JSON.stringify(rows), this.clock.now()],
    );
    const fresh = new Set(published.map(({ id }) => id));
    await this.tell(
      manager,
      rows.filter(({ id, draft }) => fresh.has(id) && !draft),
    );
    return published;
  }

  private async tell(manager: EntityManager, posts: readonly Told[]): Promise<void> {
    await this.outbox.add(
      manager,
      posts.map(({ id, title, category, language, sourceId }) =>
        event('content.published', { postId: id, category, language, source: sourceId, title }),
      ),
    );
  }

  async get(id: string): Promise<Post> {
    const post = await this.posts.findOneBy({ id });
    if (!post) throw notFound('post', id);
    return post;
  }

  list(filter: {
    category?: Category | undefined;
    language?: string | undefined;
    draft: boolean;
    limit: number;
  }): Promise<Post[]> {
    const { category, language, draft, limit } = filter;
    return this.posts.find({
      where: {
        ...(category ? { category } : {}),
        ...(language ? { language } : {}),
        publishedAt: draft ? IsNull() : Not(IsNull()),
      },
      order: { publishedAt: 'DESC', title: 'ASC' },
      take: limit,
    });
  }
}
