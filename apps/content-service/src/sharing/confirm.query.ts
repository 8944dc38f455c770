import type { EntityManager } from 'typeorm';
import { event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { stableId } from '#libs/platform';
import type { Network } from './networks.js';

/** Who says that a share really stands on its network. */
export type ConfirmedBy = 'person' | 'partner' | 'click';

interface Confirmed {
  shareId: string;
  postId: string;
  personId: string;
  network: Network;
  at: Date;
}

/** Confirms those of these shares that were only intended; `shares` holds instants (epoch ms) by id. Returns the events to tell. */
export async function confirmShares(
  manager: EntityManager,
  shares: ReadonlyMap<string, number>,
  by: ConfirmedBy,
): Promise<NewEvent[]> {
  if (shares.size === 0) return [];
  const [confirmed]: [Confirmed[], number] = await manager.query(
    `UPDATE shares SET status = 'confirmed', confirmed_by = $3, confirmed_at = to_timestamp(d.at / 1000.0)
     FROM (
       SELECT shares.id, given.at FROM shares JOIN unnest($1::uuid[], $2::bigint[]) AS given(id, at) USING (id)
       WHERE status = 'intended' ORDER BY id FOR NO KEY UPDATE OF shares
     ) d
     WHERE shares.id = d.id
     RETURNING shares.id AS "shareId", post_id AS "postId", person_id AS "personId", network, confirmed_at AS at`,
    [[...shares.keys()], [...shares.values()], by],
  );
  return confirmed.map(({ at, ...share }) =>
    event('share.confirmed', { ...share, by }, { id: stableId('share.confirmed', share.shareId), time: at }),
  );
}
