import type { EntityManager } from 'typeorm';
import type { Input, Run } from '#libs/workflow';
import type { StopAsk, StoredRun } from './runs.query.js';

/** That something happened which stops the runs of a key or a person. */
interface Mark {
  workflowId: string;
  mark: string;
}

const markOf = ({ workflowId, key, personId }: StopAsk): Mark => ({
  workflowId,
  mark: key === null ? `person:${personId}` : `key:${key}`,
});

/** The marks that would stop this run. */
function marksOf({ workflowId, key, personId }: Run): Mark[] {
  return [
    ...(key === null ? [] : [{ workflowId, mark: `key:${key}` }]),
    ...(personId === null ? [] : [{ workflowId, mark: `person:${personId}` }]),
  ];
}

/** Keeps the latest stop of each mark. A start that is being handled meanwhile commits first, so that its run is found. */
export async function writeMarks(manager: EntityManager, stops: readonly StopAsk[]): Promise<void> {
  const marks = stops.map(markOf);
  await lockMarks(manager, marks);
  await manager.query(
    `INSERT INTO stop_marks (workflow_id, mark, at)
     SELECT workflow_id, mark, max(at) FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS m(workflow_id, mark, at)
     GROUP BY workflow_id, mark ORDER BY workflow_id, mark
     ON CONFLICT (workflow_id, mark) DO UPDATE SET at = greatest(stop_marks.at, EXCLUDED.at)`,
    [marks.map((m) => m.workflowId), marks.map((m) => m.mark), stops.map((s) => new Date(s.at))],
  );
}

/** Those of these new runs that were stopped after their trigger already; a stop that is being handled meanwhile is waited for. */
export async function stoppedBefore(
  manager: EntityManager,
  runs: readonly StoredRun[],
): Promise<Set<string>> {
  const marks = runs.flatMap(({ run, triggeredAt }) =>
    marksOf(run).map((mark) => ({ ...mark, id: run.id, triggeredAt })),
  );
  if (marks.length === 0) return new Set();
  await lockMarks(manager, marks);
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS m(id, workflow_id, mark, triggered_at)
     JOIN stop_marks USING (workflow_id, mark) WHERE stop_marks.at >= m.triggered_at`,
    [
      marks.map((m) => m.id),
      marks.map((m) => m.workflowId),
      marks.map((m) => m.mark),
      marks.map((m) => new Date(m.triggeredAt)),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** How a new run begins. */
export const firstInput = ({ run }: StoredRun, stopped: ReadonlySet<string>): Input =>
  stopped.has(run.id)
    ? { type: 'cancelled', reason: 'what stops this workflow had happened before it started' }
    : { type: 'started' };

/** A start and its stop in two replicas at once take turns: neither could see what the other has not committed. */
async function lockMarks(manager: EntityManager, marks: readonly Mark[]): Promise<void> {
  await manager.query(
    `SELECT pg_advisory_xact_lock(key) FROM (
       SELECT DISTINCT hashtextextended(workflow_id || '|' || mark, 0) AS key
       FROM unnest($1::text[], $2::text[]) AS m(workflow_id, mark) ORDER BY 1
     ) keys`,
    [marks.map((m) => m.workflowId), marks.map((m) => m.mark)],
  );
}
