import type { EntityManager } from 'typeorm';
import type { LedgerDifference } from './ledger.js';

/** A stretch of people by id: behind `after`, up to `last`; null is the end. */
export interface Stretch {
  after: string;
  last: string | null;
  people: number;
}

/** The next so many people who have a balance; whoever has entries but no balance lies in between. */
export async function nextStretch(
  manager: EntityManager,
  after: string | null,
  size: number,
): Promise<Stretch> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const rows: { id: string }[] = await manager.query(
    `SELECT person_id AS id FROM balances WHERE person_id > $1 ORDER BY person_id LIMIT $2`,
    [from, size],
  );
  return { after: from, last: rows.length < size ? null : rows.at(-1)!.id, people: rows.length };
}

// Lifetime is all that was ever earned: neither rewards nor time take from it.
const SUMMED = `SELECT person_id, sum(points) AS balance,
    COALESCE(sum(points) FILTER (WHERE rule NOT LIKE 'reward:%' AND kind <> 'expire'), 0) AS lifetime
  FROM ledger WHERE person_id > $1 AND ($2::uuid IS NULL OR person_id <= $2) GROUP BY person_id`;

/**
 * Where balances and the ledger differ, as one snapshot sees both: they are written in the same transactions.
 * Plan: one range of `balances_pkey`, one of `ledger_person`, a merge join.
 */
export function differingBalances(
  manager: EntityManager,
  { after, last }: Stretch,
): Promise<LedgerDifference[]> {
  return manager.query(
    `WITH summed AS (${SUMMED}), kept AS (
       SELECT person_id, balance, lifetime FROM balances WHERE person_id > $1 AND ($2::uuid IS NULL OR person_id <= $2)
     )
     SELECT person_id AS "personId", what, kept, summed FROM kept FULL JOIN summed USING (person_id) CROSS JOIN LATERAL (VALUES
       ('balance', COALESCE(kept.balance, 0), COALESCE(summed.balance, 0)::bigint),
       ('lifetime', COALESCE(kept.lifetime, 0), COALESCE(summed.lifetime, 0)::bigint)) AS each(what, kept, summed)
     WHERE each.kept <> each.summed ORDER BY person_id, what`,
    [after, last],
  );
}

/** Makes the balances of a stretch what the ledger says; nobody posts to them meanwhile. Returns what was wrong. */
export async function rebuildBalances(manager: EntityManager, stretch: Stretch): Promise<LedgerDifference[]> {
  const { after, last } = stretch;
  const range = `person_id > $1 AND ($2::uuid IS NULL OR person_id <= $2)`;
  await manager.query(`SELECT FROM balances WHERE ${range} ORDER BY person_id FOR UPDATE`, [after, last]);
  const differences = await differingBalances(manager, stretch);
  if (differences.length === 0) return [];
  await manager.query(
    `INSERT INTO balances (person_id, balance, lifetime) SELECT person_id, balance, lifetime FROM (${SUMMED}) summed
     WHERE person_id = ANY($3::uuid[]) ORDER BY person_id
     ON CONFLICT (person_id) DO UPDATE SET balance = EXCLUDED.balance, lifetime = EXCLUDED.lifetime`,
    [after, last, differences.map(({ personId }) => personId)],
  );
  await manager.query(
    `UPDATE balances SET balance = 0, lifetime = 0 WHERE person_id = ANY($1::uuid[])
       AND NOT EXISTS (SELECT FROM ledger WHERE ledger.person_id = balances.person_id)`,
    [differences.map(({ personId }) => personId)],
  );
  return differences;
}
