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

/**
 * Takes deliveries that are due for a while: who takes them and dies leaves them to others. The lease is of real time, as the calls
 * are; no rule of a programme depends on it.
 */
export async function leaseDeliveries(
  manager: Manager,
  now: Date,
  { limit, seconds }: { limit: number; seconds: number },
): Promise<Delivery[]> {
  const [rows]: [Delivery[], number] = await manager.query(
    `UPDATE reward_deliveries SET leased_until = clock_timestamp() + make_interval(secs => $3) WHERE claim_id IN (
       SELECT claim_id FROM reward_deliveries WHERE state = 'open' AND next_at <= $1
         AND (leased_until IS NULL OR leased_until < clock_timestamp())
       ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING claim_id AS "claimId", url, body, attempts`,
    [now, limit, seconds],
  );
  return rows;
}

/** False when somebody else, who took it after the lease was over, has settled this attempt. */
export async function settleDelivery(
  manager: Manager,
  { claimId, attempts }: Pick<Delivery, 'claimId' | 'attempts'>,
  to: { state: 'open' | 'done' | 'failed' | 'cancelled'; nextAt: Date; error: string | null },
): Promise<boolean> {
  const [, count]: [object[], number] = await manager.query(
    `UPDATE reward_deliveries SET state = $3, attempts = attempts + 1, next_at = $4, error = $5, leased_until = NULL
     WHERE claim_id = $1 AND attempts = $2 AND state = 'open'`,
    [claimId, attempts, to.state, to.nextAt, to.error],
  );
  return count > 0;
}

/** Whether another system is being asked to hand a reward over, or it is not known what became of that. */
export async function isUnderWay(manager: Manager, claimId: string): Promise<boolean> {
  const rows: object[] = await manager.query(
    `SELECT FROM reward_deliveries WHERE claim_id = $1 AND state = 'open' AND leased_until IS NOT NULL FOR UPDATE`,
    [claimId],
  );
  return rows.length > 0;
}

/** Nobody is to be asked any more, unless they are just then; false when they are. The caller has locked the claim. */
export async function cancelDelivery(manager: Manager, claimId: string): Promise<boolean> {
  if (await isUnderWay(manager, claimId)) return false;
  await manager.query(
    `UPDATE reward_deliveries SET state = 'cancelled' WHERE claim_id = $1 AND state = 'open'`,
    [claimId],
  );
  return true;
}

export async function nextDelivery(manager: Manager): Promise<Date | null> {
  const [row]: { at: Date | null }[] = await manager.query(
    `SELECT min(next_at) AS at FROM reward_deliveries WHERE state = 'open'`,
  );
  return row!.at;
}
