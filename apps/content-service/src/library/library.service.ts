import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { canonicalAddress } from '#libs/feeds';
import { Clock, DomainError, LOGGER, newId, notFound } from '#libs/platform';
import type { Logger } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { AudienceService } from '../targeting/audience.service.js';
import type { Target } from '../targeting/target.schema.js';
import { Post } from './post.entity.js';
import type { Category, ReadyText } from './post.entity.js';
import { insertPosts } from './posts.query.js';
import { PublicationsService } from './publications.service.js';

/** What is needed to publish a post. */
export interface NewPost {
  title: string;
  url: string;
  summary: string;
  imageUrl: string | null;
  category: Category;
  language: string;
  sourceId: string | null;
  suggestionId?: string;
  topics?: string[];
  hashtags?: string[];
  texts?: ReadyText[];
  disclosure?: string | null;
  callToAction?: boolean;
  target?: Target | null;
  expiresAt?: string | null;
  repeatWeeks?: number | null;
  repeatUntil?: string | null;
  /** Kept back, and shown to nobody. */
  draft?: boolean;
  /** Kept back until somebody has looked at it. */
  review?: boolean;
  /** The key of who wrote it; null of what a feed brought. */
  editedBy?: string | null;
}

/** The posts colleagues can share. */
@Injectable()
export class LibraryService {
  constructor(
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    private readonly database: DataSource,
    private readonly publications: PublicationsService,
    private readonly programme: ContentProgrammeService,
    private readonly audience: AudienceService,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Publishes a post; where the programme wants approvals it goes to review instead. Throws `post_known`. */
  async add(post: NewPost): Promise<Post> {
    const { approvals } = await this.programme.current();
    const review = post.draft !== true && approvals > 0;
    const [added] = await this.database.transaction((manager) =>
      this.publishAll(manager, [{ ...post, review }]),
    );
    if (!added) throw new DomainError('post_known', 409, `${post.url} is in the library already.`);
    return this.get(added.id);
  }

  /** Publishes those of these posts that wait, as a workflow asks for; one without its approvals stays where it is. */
  async publishDrafts(manager: EntityManager, ids: readonly string[]): Promise<void> {
    const { approvals } = await this.programme.current(manager);
    const waiting: { id: string; ready: boolean }[] = await manager.query(
      `SELECT id, (SELECT count(*) FROM approvals a WHERE a.post_id = posts.id AND a.version = posts.version) >= $2 AS ready FROM posts
       WHERE id = ANY($1::uuid[]) AND status IN ('draft', 'review', 'scheduled') ORDER BY id FOR UPDATE`,
      [ids, approvals],
    );
    for (const { id } of waiting.filter(({ ready }) => !ready))
      this.log.warn(
        { post: id },
        'a workflow wants a post published that lacks approvals; it stays where it is',
      );
    const ready = waiting.filter((post) => post.ready).map(({ id }) => id);
    await this.publications.bringOut(manager, ready, ['draft', 'review', 'scheduled']);
  }

  /** Publishes (or, of drafts and what is to be looked at, keeps) what is new of a list in the caller's transaction; articles that are known are passed over. */
  async publishAll(manager: EntityManager, posts: readonly NewPost[]): Promise<{ id: string }[]> {
    const rows = posts.map(rowOf);
    const fresh = await insertPosts(manager, rows, this.clock.now());
    const stored = rows.filter(({ id }) => fresh.has(id));
    const open = stored.filter(({ draft, review }) => !draft && !review).map(({ id }) => id);
    await this.publications.bringOut(manager, open, ['draft']);
    return stored.map(({ id }) => ({ id }));
  }

  /** The post, if this person may share it. Throws `post_unknown`, `post_unpublished` or `post_not_for_person`. */
  mustBeFor(postId: string, personId: string): Promise<Post> {
    return this.audience.mustBeFor(postId, personId);
  }

  /** Throws `post_unknown`. */
  async get(id: string): Promise<Post> {
    const post = await this.posts.findOneBy({ id });
    if (!post) throw notFound('post', id);
    return post;
  }
}

/** The languages of the article and its texts, each once. */
export const languagesOf = (post: Pick<NewPost, 'language' | 'texts'>): string[] => [
  ...new Set([post.language, ...(post.texts ?? []).map(({ language }) => language)]),
];

const rowOf = (post: NewPost) => ({
  topics: [],
  hashtags: [],
  texts: [],
  callToAction: false,
  ...post,
  id: newId(),
  status: post.review && !post.draft ? ('review' as const) : ('draft' as const),
  canonicalUrl: canonicalAddress(post.url),
  languages: languagesOf(post),
});
