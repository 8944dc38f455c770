import type { EntityManager } from 'typeorm';
import type { Activity, Cause } from '#libs/scoring';

/** An entry of the ledger as it is told. */
export interface Entry {
  id: string;
  personId: string;
  kind: string;
  points: number;
  rule: string;
  ruleVersion: number;
  sourceEventId: string;
  reason: string;
  occurredAt: Date;
  postedAt: Date;
}

/** Points that were set aside, and what became of them. */
export interface HoldStory {
  id: string;
  entryId: string;
  state: 'held' | 'appealed' | 'released' | 'reversed';
  reason: string;
  heldAt: Date;
  appeal: string | null;
  appealedAt: Date | null;
  settledAt: Date | null;
  settledReason: string | null;
}

/** Points that were not given. */
export interface Refused {
  personId: string;
  rule: string;
  ruleVersion: number;
  points: number;
  reason: string;
  cause: Cause | null;
}

/** A hold as everybody is told of it: an appeal that waits is a state of its own. */
export const HOLD = `holds.id, holds.entry_id AS "entryId", holds.person_id AS "personId", holds.points,
  CASE WHEN holds.state = 'held' AND appealed_at IS NOT NULL THEN 'appealed' ELSE holds.state END AS state, holds.reason,
  cause AS "check", activity_id AS "activityId", held_at AS "heldAt", appeal, appealed_at AS "appealedAt",
  settled_at AS "settledAt", settled_reason AS "settledReason"`;

const ENTRY = `id, person_id AS "personId", kind, points, rule, rule_version AS "ruleVersion", source_event_id AS "sourceEventId", reason,
  occurred_at AS "occurredAt", posted_at AS "postedAt"`;
// Entries about an activity are dated as it is; with the words of the index ledger_scores it leads to them.
const DATED = `occurred_at = $1 AND rule NOT LIKE 'reward:%' AND kind <> 'expire'`;

/** An activity by its id; null when there is none. */
export async function readActivity(manager: EntityManager, id: string): Promise<Activity | null> {
  const [row]: (Omit<Activity, 'occurredAt'> & { occurredAt: Date })[] = await manager.query(
    `SELECT id, type, person_id AS "personId", object_id AS "objectId", occurred_at AS "occurredAt", day::text AS day, data
     FROM activities WHERE id = $1`,
    [id],
  );
  return row ? { ...row, occurredAt: row.occurredAt.getTime() } : null;
}

/** What an activity brought: gains and what was adjusted of them. */
export const entriesFor = (manager: EntityManager, { id, occurredAt }: Activity): Promise<Entry[]> =>
  manager.query(
    `SELECT ${ENTRY} FROM ledger WHERE ${DATED} AND source_event_id = $2 AND kind IN ('earn', 'adjust') ORDER BY posted_at, id`,
    [new Date(occurredAt), id],
  );

/** Entries that answer others of the same moment: held, released, reversed; of one moment in this order. */
export const answersTo = (manager: EntityManager, at: Date, sources: readonly string[]): Promise<Entry[]> =>
  manager.query(
    `SELECT ${ENTRY} FROM ledger WHERE ${DATED} AND source_event_id = ANY($2::uuid[])
       AND kind IN ('hold', 'release', 'reverse') ORDER BY posted_at, kind, id`,
    [at, sources],
  );

export const holdsOf = (manager: EntityManager, entryIds: readonly string[]): Promise<HoldStory[]> =>
  manager.query(`SELECT ${HOLD} FROM holds WHERE entry_id = ANY($1::uuid[]) ORDER BY held_at, id`, [
    entryIds,
  ]);

/** What an activity did not bring these people. */
export const refusalsFor = (
  manager: EntityManager,
  { id, occurredAt }: Activity,
  people: readonly string[],
): Promise<Refused[]> =>
  manager.query(
    `SELECT person_id AS "personId", rule, rule_version AS "ruleVersion", points, reason, cause FROM refusals
     WHERE person_id = ANY($3::uuid[]) AND occurred_at = $1 AND source_event_id = $2 ORDER BY rule, person_id`,
    [new Date(occurredAt), id, people],
  );

export async function readEntry(manager: EntityManager, id: string): Promise<Entry | null> {
  const [row]: Entry[] = await manager.query(`SELECT ${ENTRY} FROM ledger WHERE id = $1`, [id]);
  return row ?? null;
}
