import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, DomainError, afterCommit, notFound, stableId } from '#libs/platform';
import { LinksService } from '../redirect/links.service.js';
import { confirmShares } from './confirm.query.js';
import type { ConfirmedBy } from './confirm.query.js';
import type { Network } from './networks.js';

interface Withdrawn {
  shareId: string;
  postId: string;
  personId: string;
  network: Network;
}

/** What becomes of a share: intended, then confirmed or withdrawn; withdrawn is the end. */
@Injectable()
export class StatesService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly links: LinksService,
  ) {}

  /** Says that the share stands on its network, and where. Once more changes only where. Throws `share_unknown` or `share_withdrawn`. */
  async confirm(id: string, by: ConfirmedBy, postUrl: string | null): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [share]: { status: string }[] = await manager.query(
        `SELECT status FROM shares WHERE id = $1 FOR NO KEY UPDATE`,
        [id],
      );
      if (!share) throw notFound('share', id);
      if (share.status === 'withdrawn') throw alreadyWithdrawn;
      if (postUrl !== null)
        await manager.query(`UPDATE shares SET post_url = $2 WHERE id = $1`, [id, postUrl]);
      const now = this.clock.now().getTime();
      await this.outbox.add(manager, await confirmShares(manager, new Map([[id, now]]), by));
    });
  }

  /**
   * Takes a share back: what it earned is to be taken back too, and later clicks earn nothing. Its link goes on leading to the article
   * unless `endLink`, which can also be said later. Throws `share_unknown`.
   */
  async withdraw(id: string, endLink: boolean): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [, found]: [unknown, number] = await manager.query(
        `UPDATE shares SET link_ended_at = CASE WHEN $2 THEN COALESCE(link_ended_at, $3) ELSE link_ended_at END WHERE id = $1`,
        [id, endLink, this.clock.now()],
      );
      if (found === 0) throw notFound('share', id);
      const [withdrawn]: [Withdrawn[], number] = await manager.query(
        `UPDATE shares SET status = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND status <> 'withdrawn'
         RETURNING id AS "shareId", post_id AS "postId", person_id AS "personId", network`,
        [id, this.clock.now()],
      );
      await this.outbox.add(manager, withdrawn.map(shareWithdrawn));
      const [link]: { linkId: string }[] = await manager.query(
        `SELECT link_id AS "linkId" FROM shares WHERE id = $1`,
        [id],
      );
      afterCommit(manager, () => this.links.forget(link!.linkId));
    });
  }
}

const alreadyWithdrawn = new DomainError('share_withdrawn', 409, 'This share was withdrawn.');

const shareWithdrawn = (share: Withdrawn): NewEvent =>
  event('share.withdrawn', share, { id: stableId('share.withdrawn', share.shareId) });
