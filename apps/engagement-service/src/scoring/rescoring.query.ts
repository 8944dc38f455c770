import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import type { Adjustment } from '#libs/scoring';
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

/** Comes before every person. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Everybody who ever scored, or might have, a page behind a person. */
export async function pageOfScorers(
  manager: EntityManager,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows: { id: string }[] = await manager.query(
    `(SELECT person_id AS id FROM balances WHERE person_id > $1 ORDER BY 1 LIMIT $2)
     UNION (SELECT id FROM people WHERE id > $1 ORDER BY 1 LIMIT $2) ORDER BY 1 LIMIT $2`,
    [after ?? NOBODY, limit],
  );
  return rows.map(({ id }) => id);
}

/** Posts adjusting entries, dated at what they adjust, and moves balances; each once for a rescoring. */
export async function postAdjustments(
  manager: EntityManager,
  rescoring: Pick<RescoringRow, 'id' | 'rule' | 'ruleVersion'>,
  adjustments: readonly Adjustment[],
  now: Date,
): Promise<void> {
  const { names, values, table, parameters } = rowsOf([
    [
      'id',
      'uuid',
      adjustments.map(({ activity, personId }) => stableId('adjust', rescoring.id, activity.id, personId)),
    ],
    ['person_id', 'uuid', adjustments.map(({ personId }) => personId)],
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
