import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock } from '#libs/platform';
import { ContentProgrammeService } from '../programme/content-programme.service.js';
import { bringOut } from './posts.query.js';
import type { CameOut } from './posts.query.js';
import type { PostStatus } from './post-states.js';

/** The one way into the open: posts come out, and everybody is told, in one transaction. */
@Injectable()
export class PublicationsService {
  constructor(
    private readonly programme: ContentProgrammeService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Publishes those of these posts that are in one of the states. Returns how many came out. */
  async bringOut(
    manager: EntityManager,
    ids: readonly string[],
    from: readonly PostStatus[],
  ): Promise<number> {
    if (ids.length === 0) return 0;
    const { zone } = await this.programme.current(manager);
    const out = await bringOut(manager, { ids, from, now: this.clock.now(), zone });
    await this.outbox.add(manager, [...out.map(contentPublished), ...(await this.thanks(manager, out))]);
    return out.length;
  }

  /** A suggestion is told of once, however often its post comes out. */
  private async thanks(manager: EntityManager, out: readonly CameOut[]): Promise<NewEvent[]> {
    const posts = new Map(
      out.flatMap((post) => (post.suggestionId === null ? [] : [[post.suggestionId, post]])),
    );
    if (posts.size === 0) return [];
    const [first]: [{ id: string; personId: string }[], number] = await manager.query(
      `UPDATE suggestions SET published_at = $2 WHERE id = ANY($1::uuid[]) AND published_at IS NULL RETURNING id, person_id AS "personId"`,
      [[...posts.keys()], this.clock.now()],
    );
    return first.map(({ id, personId }) => {
      const { id: postId, title } = posts.get(id)!;
      return event('content.suggestion_published', { suggestionId: id, postId, personId, title });
    });
  }
}

const contentPublished = ({ id, title, category, language, sourceId, occurrence }: CameOut): NewEvent =>
  event('content.published', {
    postId: id,
    category,
    language,
    source: sourceId,
    title,
    ...(occurrence > 1 ? { occurrence } : {}),
  });
