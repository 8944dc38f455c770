import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { canonicalAddress } from '#libs/feeds';
import { Clock, DomainError, ENV } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Env } from '../env.js';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { InterestsService } from '../targeting/interests.service.js';
import { LibraryService, languagesOf } from './library.service.js';
import type { NewPost } from './library.service.js';
import { Post } from './post.entity.js';
import { replaceContent, replanRepeat, versionsOf } from './posts.query.js';
import type { PostVersion } from './posts.query.js';
import { lockPost } from './review.service.js';
import { textMistakes } from './texts.js';

/** What somebody writes of a post. */
type Content = Omit<NewPost, 'sourceId' | 'suggestionId' | 'draft' | 'review' | 'editedBy'>;

/** Posts written and rewritten by hand; every version is kept. */
@Injectable()
export class EditsService {
  constructor(
    private readonly database: DataSource,
    private readonly library: LibraryService,
    private readonly programme: ContentProgrammeService,
    private readonly interests: InterestsService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Throws `post_known`, `topic_unknown`, `text_too_long` or `expiry_wrong`. */
  async add(content: Content & { draft: boolean }, who: Caller): Promise<Post> {
    await this.check(content);
    return this.library.add({ ...content, sourceId: null, editedBy: who.keyId });
  }

  /** Replaces the content made from a version. Throws as `add`, and `post_changed` or `transition_refused`. */
  async edit(id: string, version: number, content: Content, who: Caller): Promise<Post> {
    await this.check(content);
    await this.database.transaction((manager) => this.replace(manager, { id, version, content, who }));
    return this.library.get(id);
  }

  /** Makes an earlier version the present one, as a version of its own. Throws as `edit`, and `version_unknown`. */
  async restore(id: string, version: number, who: Caller): Promise<Post> {
    const versions = await this.versions(id);
    const earlier = versions.find((each) => each.version === version);
    if (!earlier)
      throw new DomainError(
        'version_unknown',
        404,
        `This post has the versions 1 to ${versions[0]!.version}.`,
      );
    const content = earlier.content as unknown as Content;
    const over = content.expiresAt != null && new Date(content.expiresAt) <= this.clock.now();
    return this.edit(id, versions[0]!.version, { ...content, ...(over ? { expiresAt: null } : {}) }, who);
  }

  /** Newest first. Throws `post_unknown`. */
  async versions(id: string): Promise<PostVersion[]> {
    await this.library.get(id);
    return versionsOf(this.database.manager, id);
  }

  private async replace(
    manager: EntityManager,
    { id, version, content, who }: { id: string; version: number; content: Content; who: Caller },
  ): Promise<void> {
    const post = await lockPost(manager, id);
    if (post.version !== version)
      throw new DomainError(
        'post_changed',
        409,
        `This post is at version ${post.version}, not ${version}; read it again.`,
      );
    const { approvals, zone } = await this.programme.current(manager);
    mustBeEditable(post, approvals);
    mustOutlive(post, content.expiresAt);
    const written = {
      ...content,
      canonicalUrl: canonicalAddress(content.url),
      languages: languagesOf(content),
    };
    const now = this.clock.now();
    await mustBeNew(manager, id, written);
    await replaceContent(manager, id, written, { now, editedBy: who.keyId });
    await replanRepeat(manager, id, now, zone);
    // What was approved is not what would come out.
    if (post.status === 'scheduled' && approvals > 0)
      await manager.query(`UPDATE posts SET status = 'review', publish_at = NULL WHERE id = $1`, [id]);
  }

  private async check(content: Content): Promise<void> {
    await this.interests.mustBeTopics(content.topics ?? [], 'topics');
    await this.interests.mustBeTopics(content.target?.interests ?? [], 'target.interests');
    const { disclosure } = await this.programme.current();
    const { texts = [], hashtags = [], disclosure: own = null, expiresAt = null } = content;
    const link = `${this.env.PUBLIC_CONTENT_URL}/l/${'x'.repeat(22)}`;
    const mistakes = textMistakes({ texts, hashtags, disclosure: own }, disclosure, link);
    if (mistakes.length > 0)
      throw new DomainError('text_too_long', 422, 'Not every text fits its network.', mistakes);
    if (expiresAt !== null && new Date(expiresAt) <= this.clock.now())
      throw new DomainError('expiry_wrong', 422, 'A post can only expire in the future.', [
        { path: 'expiresAt', message: 'lies in the past' },
      ]);
  }
}

function mustBeEditable({ status }: Post, approvals: number): void {
  if (status === 'archived')
    throw new DomainError(
      'transition_refused',
      409,
      'A post that is archived cannot be edited; there is reopen.',
    );
  if (status === 'published' && approvals > 0)
    throw new DomainError(
      'transition_refused',
      409,
      'A published post cannot be edited where approvals are needed; there is expire, archive, and then reopen.',
    );
}

function mustOutlive({ publishAt }: Post, expiresAt: string | null | undefined): void {
  if (publishAt && expiresAt != null && new Date(expiresAt) <= publishAt)
    throw new DomainError('expiry_wrong', 422, 'A post cannot expire before it comes out.', [
      { path: 'expiresAt', message: `lies before ${publishAt.toISOString()}, when the post is scheduled` },
    ]);
}

async function mustBeNew(
  manager: EntityManager,
  id: string,
  { url, canonicalUrl }: { url: string; canonicalUrl: string },
): Promise<void> {
  const others: object[] = await manager.query(`SELECT FROM posts WHERE canonical_url = $1 AND id <> $2`, [
    canonicalUrl,
    id,
  ]);
  if (others.length > 0) throw new DomainError('post_known', 409, `${url} is in the library already.`);
}
