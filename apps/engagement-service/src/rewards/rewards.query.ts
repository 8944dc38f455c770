import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import type { Claim } from './reward.js';

const CLAIM = `id, reward, person_id AS "personId", price, state`;
/** Claims that hold a piece of the stock and the points of a person. */
const KEPT = `state <> 'rejected'`;

/** Claims of one person and of one reward take turns: of two at once for the last piece the second sees the first. */
export async function lockReward(manager: EntityManager, reward: string, personId: string): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('reward|' || $1, 0))`, [reward]);
  await manager.query(
    `INSERT INTO balances (person_id, balance, lifetime) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING`,
    [personId],
  );
  await manager.query(`SELECT FROM balances WHERE person_id = $1 FOR UPDATE`, [personId]);
}

/** What decides whether somebody may claim a reward. */
export interface Standing {
  balance: number;
  taken: number;
  own: number;
}

/** The person's balance, how many of the reward are taken, and how many of them by the person. */
export async function standingOf(
  manager: EntityManager,
  reward: string,
  personId: string,
): Promise<Standing> {
  const [row]: Standing[] = await manager.query(
    `SELECT (SELECT balance FROM balances WHERE person_id = $2) AS balance, count(*)::int AS taken,
       (count(*) FILTER (WHERE person_id = $2))::int AS own
     FROM reward_claims WHERE reward = $1 AND ${KEPT}`,
    [reward, personId],
  );
  return row!;
}

/** Stores a claim; a claim id that is there already is the same claim told again. */
export async function insertClaim(
  manager: EntityManager,
  claim: Omit<Claim, 'state'>,
  now: Date,
): Promise<boolean> {
  const rows: object[] = await manager.query(
    `INSERT INTO reward_claims (id, reward, person_id, price, state, claimed_at) VALUES ($1, $2, $3, $4, 'claimed', $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [claim.id, claim.reward, claim.personId, claim.price, now],
  );
  return rows.length > 0;
}

/** Posts the price of a claim: spent, or given back. */
export async function postPrice(
  manager: EntityManager,
  kind: 'spend' | 'release',
  { id, reward, personId, price }: Omit<Claim, 'state'>,
  reason: string,
  now: Date,
): Promise<void> {
  const points = kind === 'spend' ? -price : price;
  await manager.query(
    `WITH posted AS (
       INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
       VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING person_id, points
     )
     UPDATE balances SET balance = balance + posted.points FROM posted WHERE balances.person_id = posted.person_id`,
    [stableId('entry', kind, id), personId, kind, points, `reward:${reward}`, id, reason, now],
  );
}

/** Moves a claim on from one of these states; null when it stands elsewhere. */
export async function moveClaim(
  manager: EntityManager,
  id: string,
  from: readonly Claim['state'][],
  to: { state: Claim['state']; reason: string | null; now: Date },
): Promise<Claim | null> {
  const [[row]]: [Claim[], number] = await manager.query(
    `UPDATE reward_claims SET state = $3, reason = $4, settled_at = $5 WHERE id = $1 AND state = ANY($2) RETURNING ${CLAIM}`,
    [id, from, to.state, to.reason, to.now],
  );
  return row ?? null;
}

/** Claims, newest first. */
export async function listClaims(
  manager: EntityManager,
  filter: { personId?: string | undefined; state?: string | undefined; limit: number },
): Promise<object[]> {
  return manager.query(
    `SELECT ${CLAIM}, reason, claimed_at AS "claimedAt", settled_at AS "settledAt", (
       SELECT jsonb_build_object('state', d.state, 'attempts', attempts, 'error', error) FROM reward_deliveries d WHERE claim_id = id
     ) AS delivery FROM reward_claims
     WHERE ($1::uuid IS NULL OR person_id = $1) AND ($2::text IS NULL OR state = $2) ORDER BY claimed_at DESC, id LIMIT $3`,
    [filter.personId ?? null, filter.state ?? null, filter.limit],
  );
}

export async function findClaim(manager: EntityManager, id: string): Promise<Claim | null> {
  const [row]: Claim[] = await manager.query(`SELECT ${CLAIM}, reason FROM reward_claims WHERE id = $1`, [
    id,
  ]);
  return row ?? null;
}

/** Where a claim stands, which is locked; null when there is none. Before its delivery is, so that nobody waits crosswise. */
export async function lockClaim(manager: EntityManager, id: string): Promise<Claim['state'] | null> {
  const [row]: Pick<Claim, 'state'>[] = await manager.query(
    `SELECT state FROM reward_claims WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row?.state ?? null;
}

/** How many of each reward are taken. */
export async function takenByReward(manager: EntityManager): Promise<Map<string, number>> {
  const rows: { reward: string; taken: number }[] = await manager.query(
    `SELECT reward, count(*)::int AS taken FROM reward_claims WHERE ${KEPT} GROUP BY reward`,
  );
  return new Map(rows.map(({ reward, taken }) => [reward, taken]));
}
