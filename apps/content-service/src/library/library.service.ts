import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
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
  async publish(post: NewPost): Promise<Post> {
    const [published] = await this.database.transaction((manager) => this.publishAll(manager, [post]));
    if (!published) throw new DomainError('post_known', 409, `${post.url} is in the library already.`);
    return this.get(published.id);
  }

  /** Publishes what is new of a list in the caller's transaction; articles that are known are passed over. */
  async publishAll(manager: EntityManager, posts: readonly NewPost[]): Promise<{ id: string }[]> {
    const rows = posts.map((post) => ({ ...post, id: newId(), canonicalUrl: canonicalAddress(post.url) }));
    const published: { id: string }[] = await manager.query(
      `INSERT INTO posts (id, title, url, canonical_url, summary, image_url, category, language, source_id, published_at)
       SELECT id, title, url, "canonicalUrl", summary, "imageUrl", category, language, "sourceId", $2
       FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, title text, url text, "canonicalUrl" text, summary text, "imageUrl" text,
         category text, language text, "sourceId" uuid)
       ON CONFLICT (canonical_url) DO NOTHING RETURNING id`,
      [JSON.stringify(rows), this.clock.now()],
    );
    const fresh = new Set(published.map(({ id }) => id));
    const told = rows.filter(({ id }) => fresh.has(id));
    await this.outbox.add(
      manager,
      told.map(({ id, category, language, sourceId }) =>
        event('content.published', { postId: id, category, language, source: sourceId }),
      ),
    );
    return published;
  }

  async get(id: string): Promise<Post> {
    const post = await this.posts.findOneBy({ id });
    if (!post) throw notFound('post', id);
    return post;
  }

  list(filter: {
    category?: Category | undefined;
    language?: string | undefined;
    limit: number;
  }): Promise<Post[]> {
    const { category, language, limit } = filter;
    return this.posts.find({
      where: { ...(category ? { category } : {}), ...(language ? { language } : {}) },
      order: { publishedAt: 'DESC', title: 'ASC' },
      take: limit,
    });
  }
}
