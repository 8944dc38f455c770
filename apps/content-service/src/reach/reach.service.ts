import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, notFound } from '#libs/platform';
import type { Network } from '../sharing/networks.js';
import type { Totals } from './totals.schema.js';

interface Measured extends Totals {
  shareId: string;
  postId: string;
  personId: string;
  network: Network;
}

const figures = ['impressions', 'reactions', 'comments', 'reshares', 'leads', 'hires'] as const;

/** Measured figures of shares; only differences travel, so sums stay right through corrections. */
@Injectable()
export class ReachService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async measure(id: string, totals: Totals): Promise<object> {
    return this.database.transaction(async (manager) => {
      const before = await lockMeasured(manager, id);
      // The stored spelling: who hears of it compares ids as texts.
      const { shareId, postId, personId, network } = before;
      const difference = Object.fromEntries(figures.map((f) => [f, totals[f] - before[f]])) as Totals;
      if (figures.every((f) => difference[f] === 0)) return { shareId, ...totals, difference };
      await manager.query(
        `INSERT INTO share_measures (share_id, measured_at, ${figures.join(', ')}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (share_id) DO UPDATE SET measured_at = EXCLUDED.measured_at, ${figures.map((f) => `${f} = EXCLUDED.${f}`).join(', ')}`,
        [shareId, this.clock.now(), ...figures.map((f) => totals[f])],
      );
      await this.outbox.add(manager, [
        event('share.measured', { shareId, postId, personId, network, ...difference }),
      ]);
      return { shareId, ...totals, difference };
    });
  }
}

/** Locked first and read after: a report that waited for another must see what that one stored. */
async function lockMeasured(manager: EntityManager, shareId: string): Promise<Measured> {
  await manager.query(`SELECT FROM shares WHERE id = $1 FOR UPDATE`, [shareId]);
  const [measured]: Measured[] = await manager.query(
    `SELECT id AS "shareId", post_id AS "postId", person_id AS "personId", network, ${figures.map((f) => `COALESCE(${f}, 0) AS ${f}`).join(', ')}
     FROM shares LEFT JOIN share_measures ON share_id = id WHERE id = $1`,
    [shareId],
  );
  if (!measured) throw notFound('share', shareId);
  return measured;
}
