import type { EntityManager } from 'typeorm';
import type { Run } from '#libs/workflow';
import type { StopAsk } from './runs.query.js';

/** That something happened which stops runs of a key or a person; `at` is epoch ms. */
export interface Mark {
  workflowId: string;
  mark: string;
  at: number;
}

/** The marks that would stop this run. */
export function marksOf(run: Run): Omit<Mark, 'at'>[] {
  const { workflowId, key, personId } = run;
  return [
    ...(key === null ? [] : [{ workflowId, mark: `key:${key}` }]),
    ...(personId === null ? [] : [{ workflowId, mark: `person:${personId}` }]),
  ];
}

const markOf = ({ key, personId }: StopAsk): string => (key === null ? `person:${personId}` : `key:${key}`);

/** Keeps the latest stop of each mark. */
export async function writeMarks(manager: EntityManager, stops: readonly StopAsk[]): Promise<void> {
  await manager.query(
    `INSERT INTO stop_marks (workflow_id, mark, at)
     SELECT workflow_id, mark, max(at) FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS m(workflow_id, mark, at)
     GROUP BY workflow_id, mark ORDER BY workflow_id, mark
     ON CONFLICT (workflow_id, mark) DO UPDATE SET at = greatest(stop_marks.at, EXCLUDED.at)`,
    [stops.map((s) => s.workflowId), stops.map(markOf), stops.map((s) => new Date(s.at))],
  );
}

/** By `workflow|mark`. */
export async function readMarks(manager: EntityManager, marks: readonly Omit<Mark, 'at'>[]): Promise<Map<string, Mark>> {
  if (marks.length === 0) return new Map();
  const rows: { workflowId: string; mark: string; at: Date }[] = await manager.query(
    `SELECT workflow_id AS "workflowId", mark, at FROM stop_marks
     JOIN unnest($1::text[], $2::text[]) AS m(workflow_id, mark) USING (workflow_id, mark)`,
    [marks.map((m) => m.workflowId), marks.map((m) => m.mark)],
  );
  return new Map(rows.map((row) => [`${row.workflowId}|${row.mark}`, { ...row, at: row.at.getTime() }]));
}
