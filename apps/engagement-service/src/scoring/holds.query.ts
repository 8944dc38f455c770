import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';

/** Points of one ledger entry that are set aside, or were. */
export interface Hold {
  id: string;
  entryId: string;
  personId: string;
  points: number;
}

type Settled = 'released' | 'reversed';

/** An entry to be set aside, under a key that names it later. */
export interface HoldAsk {
  key: string;
  entryId: string;
  reason: string;
  /** The check that found it; null where a workflow or a person did. */
  cause: string | null;
}

/** Sets entries aside; those that are held, reversed or no gain already are left out. Returns the new holds. */
export async function insertHolds(
  manager: EntityManager,
  asks: readonly HoldAsk[],
  now: Date,
): Promise<(Hold & { reason: string })[]> {
  const of = <F extends keyof HoldAsk>(field: F): HoldAsk[F][] => asks.map((ask) => ask[field]);
  return manager.query(
    `INSERT INTO holds (id, hold_key, entry_id, person_id, points, state, reason, held_at, cause, activity_id)
     SELECT a.id, a.key, ledger.id, person_id, points, 'held', a.reason, $6, a.cause, source_event_id
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[]) AS a(id, key, entry_id, reason, cause)
     JOIN ledger ON ledger.id = a.entry_id
     WHERE points > 0 AND kind = 'earn' AND ${NOT_TAKEN_BACK} ORDER BY ledger.id
     ON CONFLICT DO NOTHING RETURNING id, entry_id AS "entryId", person_id AS "personId", points, reason`,
    [
      asks.map(({ key, entryId }) => stableId('hold', key, entryId)),
      of('key'),
      of('entryId'),
      of('reason'),
      of('cause'),
      now,
    ],
  );
}

// Answering entries are dated as what they answer, so that the index of a person's entries leads to them.
const NOT_TAKEN_BACK = `NOT EXISTS (SELECT FROM holds h WHERE h.entry_id = ledger.id AND h.state = 'reversed')
  AND NOT EXISTS (SELECT FROM ledger r WHERE r.person_id = ledger.person_id AND r.occurred_at = ledger.occurred_at
    AND r.kind = 'reverse' AND r.source_event_id = ledger.id)`;

/** Ends holds; returns those that were still open. */
export async function settleHolds(
  manager: EntityManager,
  which: { key: string } | { id: string },
  settled: { state: Settled; reason: string; now: Date },
): Promise<Hold[]> {
  const [rows]: [Hold[], number] = await manager.query(
    `UPDATE holds SET state = $2, settled_reason = $3, settled_at = $4
     WHERE ${'key' in which ? 'hold_key' : 'id::text'} = $1 AND state = 'held'
     RETURNING id, entry_id AS "entryId", person_id AS "personId", points`,
    ['key' in which ? which.key : which.id, settled.state, settled.reason, settled.now],
  );
  return rows;
}

/** Gains of the ledger among these ids, and what was adjusted of them, that nobody has taken back, neither held. */
export async function openEntries(manager: EntityManager, entryIds: readonly string[]): Promise<Hold[]> {
  return manager.query(
    `SELECT id, id AS "entryId", person_id AS "personId", points FROM ledger
     WHERE id = ANY($1::uuid[]) AND (kind = 'adjust' OR kind = 'earn' AND points > 0) AND ${NOT_TAKEN_BACK}
       AND NOT EXISTS (SELECT FROM holds h WHERE h.entry_id = ledger.id AND h.state = 'held')
     ORDER BY id FOR UPDATE`,
    [entryIds],
  );
}

/** The kind of a ledger entry that answers another: what it does to the balance, per point of the other. */
const SIGN = { hold: -1, release: 1, reverse: -1 } as const;

/** Posts answering entries, dated as the entries they answer so that every period adds up, and moves balances. */
export async function answerEntries(
  manager: EntityManager,
  kind: keyof typeof SIGN,
  holds: readonly (Hold & { reason?: string })[],
  reason: string,
  now: Date,
): Promise<void> {
  if (holds.length === 0) return;
  await manager.query(
    `WITH posted AS (
       INSERT INTO ledger (id, person_id, kind, points, rule, rule_version, source_event_id, reason, occurred_at, posted_at)
       SELECT a.id, l.person_id, $1, $2 * l.points, l.rule, l.rule_version, a.source, a.reason, l.occurred_at, $3
       FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[]) AS a(id, source, entry_id, reason) JOIN ledger l ON l.id = a.entry_id
       ON CONFLICT DO NOTHING RETURNING person_id, points
     )
     INSERT INTO balances (person_id, balance, lifetime)
     SELECT person_id, sum(points), sum(points) FROM posted GROUP BY person_id ORDER BY person_id
     ON CONFLICT (person_id) DO UPDATE SET balance = balances.balance + EXCLUDED.balance,
       lifetime = balances.lifetime + EXCLUDED.lifetime`,
    [
      kind,
      SIGN[kind],
      now,
      holds.map((hold) => stableId('entry', kind, hold.id)),
      holds.map((hold) => (kind === 'reverse' ? hold.entryId : hold.id)),
      holds.map((hold) => hold.entryId),
      holds.map((hold) => hold.reason ?? reason),
    ],
  );
}

/** Notes what the person says to it; null when nothing is held under this id any more, or an appeal is there already. */
export async function noteAppeal(
  manager: EntityManager,
  id: string,
  appeal: string,
  now: Date,
): Promise<(Hold & { reason: string }) | null> {
  const [[hold]]: [(Hold & { reason: string })[], number] = await manager.query(
    `UPDATE holds SET appeal = $2, appealed_at = $3 WHERE id = $1 AND state = 'held' AND appealed_at IS NULL
     RETURNING id, entry_id AS "entryId", person_id AS "personId", points, reason`,
    [id, appeal, now],
  );
  return hold ?? null;
}
