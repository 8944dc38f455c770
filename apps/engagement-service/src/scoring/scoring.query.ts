import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import { usageKey } from '#libs/scoring';
import type { Award, Refusal, Usage } from '#libs/scoring';
import { rowsOf } from '../workflows/columns.js';

/** Serialises scoring per person (in one order, so nobody deadlocks): sums of different days must see each other. */
export async function lockPeople(manager: EntityManager, personIds: readonly string[]): Promise<void> {
  await manager.query(
    `INSERT INTO balances (person_id, balance, lifetime) SELECT id, 0, 0 FROM unnest($1::uuid[]) AS id ORDER BY id
     ON CONFLICT DO NOTHING`,
    [personIds],
  );
  await manager.query(
    `SELECT FROM balances WHERE person_id = ANY($1::uuid[]) ORDER BY person_id FOR UPDATE`,
    [personIds],
  );
}

/** Fills the needed usages with what is stored of them. Plan: a nested loop over the key; the arrays hide from the planner how many they are. */
export async function readUsages(
  manager: EntityManager,
  needed: ReadonlyMap<string, Usage>,
): Promise<Map<string, Usage>> {
  const wanted = [...needed.values()];
  const stored: Usage[] = await manager.query(
    `SELECT rule, person_id AS "personId", per, period_key AS "periodKey", object, points, times
     FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[]), (SELECT $3::text[]), (SELECT $4::text[]), (SELECT $5::text[]))
       AS w(person_id, rule, per, period_key, object)
     JOIN rule_usages USING (person_id, rule, per, period_key, object)`,
    [
      wanted.map((usage) => usage.personId),
      wanted.map((usage) => usage.rule),
      wanted.map((usage) => usage.per),
      wanted.map((usage) => usage.periodKey),
      wanted.map((usage) => usage.object),
    ],
  );
  return new Map([...needed, ...stored.map((usage) => [usageKey(usage), usage] as const)]);
}

export async function writeUsages(manager: EntityManager, usages: readonly Usage[]): Promise<void> {
  const { names, values, table, parameters } = rowsOf([
    ['person_id', 'uuid', usages.map(({ personId }) => personId)],
    ['rule', 'text', usages.map(({ rule }) => rule)],
    ['per', 'text', usages.map(({ per }) => per)],
    ['period_key', 'text', usages.map(({ periodKey }) => periodKey)],
    ['object', 'text', usages.map(({ object }) => object)],
    ['points', 'int', usages.map(({ points }) => points)],
    ['times', 'int', usages.map(({ times }) => times)],
  ]);
  await manager.query(
    `INSERT INTO rule_usages (${names}) SELECT ${values} FROM ${table}
     ON CONFLICT (person_id, rule, per, period_key, object) DO UPDATE SET points = EXCLUDED.points, times = EXCLUDED.times`,
    parameters,
  );
}

/** A ledger entry about to be posted. */
export interface NewEntry {
  id: string;
  personId: string;
  /** A gain, where nothing else is said. */
  kind?: 'earn' | 'adjust';
  points: number;
  rule: string;
  ruleVersion: number;
  sourceEventId: string;
  reason: string;
  occurredAt: Date;
}

export const entryOf = (award: Award): NewEntry => ({
  id: stableId('entry', award.rule, String(award.version), award.activity.id, award.personId),
  personId: award.personId,
  points: award.points,
  rule: award.rule,
  ruleVersion: award.version,
  sourceEventId: award.activity.id,
  reason: award.reason,
  occurredAt: new Date(award.activity.occurredAt),
});

/** Posts entries and moves balances; returns the entries that were new. */
export async function postEntries(
  manager: EntityManager,
  entries: readonly NewEntry[],
  now: Date,
): Promise<NewEntry[]> {
  const of = <F extends keyof NewEntry>(field: F): NewEntry[F][] => entries.map((entry) => entry[field]);
  const { names, values, table, parameters } = rowsOf([
    ['id', 'uuid', of('id')],
    ['person_id', 'uuid', of('personId')],
    ['kind', 'text', entries.map(({ kind }) => kind ?? 'earn')],
    ['points', 'int', of('points')],
    ['rule', 'text', of('rule')],
    ['rule_version', 'int', of('ruleVersion')],
    ['source_event_id', 'uuid', of('sourceEventId')],
    ['reason', 'text', of('reason')],
    ['occurred_at', 'timestamptz', entries.map(({ occurredAt }) => occurredAt.toISOString())],
    ['posted_at', 'timestamptz', entries.map(() => now.toISOString())],
  ]);
  const posted: { id: string }[] = await manager.query(
    `WITH posted AS (
       INSERT INTO ledger (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING RETURNING id, person_id, points
     ), moved AS (
       INSERT INTO balances (person_id, balance, lifetime)
       SELECT person_id, sum(points), sum(points) FROM posted GROUP BY person_id ORDER BY person_id
       ON CONFLICT (person_id) DO UPDATE SET balance = balances.balance + EXCLUDED.balance,
         lifetime = balances.lifetime + EXCLUDED.lifetime
     )
     SELECT id FROM posted`,
    parameters,
  );
  const fresh = new Set(posted.map(({ id }) => id));
  return entries.filter(({ id }) => fresh.has(id));
}

/** Notes what was not given, with what kept it back. */
export async function noteRefusals(manager: EntityManager, refusals: readonly Refusal[]): Promise<void> {
  await manager.query(
    `INSERT INTO refusals (id, person_id, rule, rule_version, source_event_id, points, reason, occurred_at, cause)
     SELECT id, "personId", rule, "ruleVersion", "sourceEventId", points, reason, "occurredAt", cause
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, "personId" uuid, rule text, "ruleVersion" int,
       "sourceEventId" uuid, points int, reason text, "occurredAt" timestamptz, cause jsonb)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(refusals.map((refusal) => ({ ...entryOf(refusal), cause: refusal.cause })))],
  );
}
