import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import type { Adjustment, Rule, Scored } from '#libs/scoring';
import { rowsOf } from '../workflows/columns.js';

/** A rule that is being counted backwards, and how far that has come. */
export interface RescoringRow {
  id: string;
  rule: string;
  ruleVersion: number;
  since: string;
  state: 'running' | 'done' | 'failed';
  cursor: string | null;
  entries: number;
  people: number;
  points: number;
  reason: string | null;
}

export const RESCORING = `id, rule, rule_version AS "ruleVersion", since::text AS since, state, cursor, entries, people, points, reason,
  ordered_at AS "orderedAt", ended_at AS "endedAt"`;

/** Everybody who ever scored, a page behind a person. */
export async function pageOfScorers(
  manager: EntityManager,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `SELECT person_id AS id FROM balances WHERE $1::uuid IS NULL OR person_id > $1 ORDER BY person_id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

interface Row extends Omit<Scored['activity'], 'occurredAt'> {
  occurredAt: Date;
  given: number;
  isSettled: boolean;
}

/**
 * What these people did from a local day on that the rule gives points for, or has given, with what it gave.
 * Plan: nested loops over `ledger_person` and `activities_person`, a page of people at a time.
 */
export async function readScored(
  manager: EntityManager,
  rule: Rule,
  personIds: readonly string[],
  from: string,
): Promise<Scored[]> {
  const rows: Row[] = await manager.query(
    `WITH given AS (
       SELECT source_event_id AS id, sum(points)::int AS points, bool_or(
         EXISTS (SELECT FROM holds h WHERE h.entry_id = l.id AND h.state <> 'released')
         OR EXISTS (SELECT FROM ledger r WHERE r.kind = 'reverse' AND r.source_event_id = l.id)) AS settled
       FROM ledger l WHERE person_id = ANY($2::uuid[]) AND rule = $1 AND kind IN ('earn', 'adjust') GROUP BY source_event_id
     )
     SELECT a.id, type, person_id AS "personId", object_id AS "objectId", occurred_at AS "occurredAt", day, data,
       COALESCE(points, 0) AS given, COALESCE(settled, false) AS "isSettled"
     FROM activities a LEFT JOIN given USING (id)
     WHERE person_id = ANY($2::uuid[]) AND day >= $3 AND (type = $4 OR points IS NOT NULL)
     ORDER BY occurred_at, a.id`,
    [rule.id, personIds, from, rule.when],
  );
  return rows.map(({ given, isSettled, occurredAt, ...activity }) => ({
    activity: { ...activity, occurredAt: occurredAt.getTime() },
    given,
    isSettled,
  }));
}

/** Posts adjusting entries, dated at what they adjust, and moves balances; each once for a rescoring. */
export async function postAdjustments(
  manager: EntityManager,
  rescoring: Pick<RescoringRow, 'id' | 'rule' | 'ruleVersion'>,
  adjustments: readonly Adjustment[],
  now: Date,
): Promise<void> {
  const { names, values, table, parameters } = rowsOf([
    ['id', 'uuid', adjustments.map(({ activity }) => stableId('adjust', rescoring.id, activity.id))],
    ['person_id', 'uuid', adjustments.map(({ activity }) => activity.personId)],
    ['kind', 'text', adjustments.map(() => 'adjust')],
    ['points', 'int', adjustments.map(({ points }) => points)],
    ['rule', 'text', adjustments.map(() => rescoring.rule)],
    ['rule_version', 'int', adjustments.map(() => rescoring.ruleVersion)],
    ['source_event_id', 'uuid', adjustments.map(({ activity }) => activity.id)],
    ['reason', 'text', adjustments.map(({ reason }) => reason)],
    [
      'occurred_at',
      'timestamptz',
      adjustments.map(({ activity }) => new Date(activity.occurredAt).toISOString()),
    ],
    ['posted_at', 'timestamptz', adjustments.map(() => now.toISOString())],
  ]);
  await manager.query(
    `WITH posted AS (
       INSERT INTO ledger (${names}) SELECT ${values} FROM ${table} ON CONFLICT DO NOTHING RETURNING person_id, points
     )
     UPDATE balances SET balance = balance + moved.points, lifetime = lifetime + moved.points
     FROM (SELECT person_id, sum(points) AS points FROM posted GROUP BY person_id) moved
     WHERE balances.person_id = moved.person_id`,
    parameters,
  );
}

/** The rescoring to go on with, locked; null when another process has it or there is none. */
export async function claimRunning(manager: EntityManager): Promise<RescoringRow | null> {
  const [row]: RescoringRow[] = await manager.query(
    `SELECT ${RESCORING} FROM rescorings WHERE state = 'running' ORDER BY ordered_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row ?? null;
}

/** Notes a page of people as done. */
export async function checkpoint(
  manager: EntityManager,
  id: string,
  page: { cursor: string | null; entries: number; people: number; points: number; now: Date | null },
): Promise<void> {
  await manager.query(
    `UPDATE rescorings SET cursor = COALESCE($2, cursor), entries = entries + $3, people = people + $4, points = points + $5,
       state = CASE WHEN $6::timestamptz IS NULL THEN 'running' ELSE 'done' END, ended_at = $6 WHERE id = $1`,
    [id, page.cursor, page.entries, page.people, page.points, page.now],
  );
}
