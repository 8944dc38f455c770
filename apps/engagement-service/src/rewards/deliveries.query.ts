import type { EntityManager } from 'typeorm';

type Manager = Pick<EntityManager, 'query'>;

/** A reward that another system is to hand over. */
export interface Delivery {
  claimId: string;
  url: string;
  body: Record<string, unknown>;
  attempts: number;
}

export async function wantDelivery(
  manager: Manager,
  { claimId, url, body }: Omit<Delivery, 'attempts'>,
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO reward_deliveries (claim_id, url, body, state, next_at) VALUES ($1, $2, $3, 'open', $4) ON CONFLICT DO NOTHING`,
    [claimId, url, JSON.stringify(body), now],
  );
}

/** The next delivery that is due, locked while it is made: a replica that dies leaves it to others. */
export async function takeDelivery(manager: Manager, now: Date): Promise<Delivery | null> {
  const [row]: Delivery[] = await manager.query(
    `SELECT claim_id AS "claimId", url, body, attempts FROM reward_deliveries WHERE state = 'open' AND next_at <= $1
     ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [now],
  );
  return row ?? null;
}

export async function settleDelivery(
  manager: Manager,
  claimId: string,
  to: { state: 'open' | 'done' | 'failed'; nextAt: Date; error: string | null },
): Promise<void> {
  await manager.query(
    `UPDATE reward_deliveries SET state = $2, attempts = attempts + 1, next_at = $3, error = $4 WHERE claim_id = $1`,
    [claimId, to.state, to.nextAt, to.error],
  );
}

export async function nextDelivery(manager: Manager): Promise<Date | null> {
  const [row]: { at: Date | null }[] = await manager.query(
    `SELECT min(next_at) AS at FROM reward_deliveries WHERE state = 'open'`,
  );
  return row!.at;
}
