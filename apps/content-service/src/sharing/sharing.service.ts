import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, ENV, newId } from '#libs/platform';
import type { Env } from '../env.js';
import { LibraryService } from '../library/library.service.js';
import { PeopleService } from '../people/people.service.js';
import { shareIntent, targetOf } from './networks.js';
import type { Network } from './networks.js';

export interface NewShare {
  postId: string;
  personId: string;
  network: Network;
  caption: string;
}

/** A share with its tracked link and the network's page to confirm it on. */
export interface Share extends NewShare {
  id: string;
  link: string;
  intentUrl: string;
  sharedAt: Date;
}

/** Shares and their tracked links. */
@Injectable()
export class SharingService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly library: LibraryService,
    private readonly people: PeopleService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Throws `post_unknown`, `post_unpublished`, `person_unknown` or `person_left`. */
  async share(share: NewShare): Promise<Share> {
    const post = await this.library.get(share.postId);
    if (!post.publishedAt)
      throw new DomainError('post_unpublished', 409, 'This post is a draft; publish it first.');
    await this.people.mustBeActive(share.personId);
    const id = newId();
    const linkId = randomBytes(16).toString('base64url');
    const sharedAt = this.clock.now();
    await this.database.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO shares (id, link_id, post_id, person_id, network, caption, target_url, shared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          id,
          linkId,
          share.postId,
          share.personId,
          share.network,
          share.caption,
          targetOf(post.url, share.network),
          sharedAt,
        ],
      );
      const { postId, personId, network } = share;
      await this.outbox.add(manager, [
        event('content.shared', { shareId: id, postId, personId, network }, { id }),
      ]);
    });
    return this.present({ ...share, id, linkId, sharedAt });
  }

  async list(filter: {
    personId?: string | undefined;
    limit: number;
  }): Promise<(Share & { clicks: number; credibleClicks: number })[]> {
    const rows: (NewShare & {
      id: string;
      linkId: string;
      sharedAt: Date;
      clicks: number;
      credibleClicks: number;
    })[] = await this.database.query(
      `SELECT shares.id, link_id AS "linkId", post_id AS "postId", person_id AS "personId", network, caption, shared_at AS "sharedAt",
           counted.clicks, counted.credible AS "credibleClicks"
         FROM shares CROSS JOIN LATERAL (
           SELECT count(*) AS clicks, count(*) FILTER (WHERE credible) AS credible FROM clicks WHERE share_id = shares.id
         ) counted
         WHERE $1::uuid IS NULL OR person_id = $1 ORDER BY shared_at DESC, shares.id LIMIT $2`,
      [filter.personId ?? null, filter.limit],
    );
    return rows.map((row) => ({
      ...this.present(row),
      clicks: row.clicks,
      credibleClicks: row.credibleClicks,
    }));
  }

  /** Totals of the service, straight from its tables. */
  async summary(): Promise<object> {
    const [row]: object[] = await this.database.query(
      `SELECT (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM shares) AS shares,
         (SELECT count(*) FROM clicks) AS clicks, (SELECT count(*) FROM clicks WHERE credible) AS "credibleClicks"`,
    );
    return row!;
  }

  private present({
    linkId,
    id,
    postId,
    personId,
    network,
    caption,
    sharedAt,
  }: NewShare & { id: string; linkId: string; sharedAt: Date }): Share {
    const link = `${this.env.PUBLIC_CONTENT_URL}/l/${linkId}`;
    return {
      id,
      postId,
      personId,
      network,
      caption,
      sharedAt,
      link,
      intentUrl: shareIntent(network, link, caption),
    };
  }
}
