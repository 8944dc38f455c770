import type { EntityManager } from 'typeorm';

const SAMPLE = 10_000;

/** How it went at a step: how many runs came there and what became of them, and how long they stood there (seconds). */
export interface StepStats {
  step: string;
  waiting: number;
  paused: number;
  passed: number;
  skipped: number;
  failed: number;
  /** Mails, awards and other intents of the step. */
  intents: number;
  p50: number | null;
  p95: number | null;
}

/** What became of runs since an instant; of very many of the newest ones only. */
export interface RunStats {
  /** How many runs the figures of the past are of, and whether those are all since then. */
  runs: number;
  all: boolean;
  steps: StepStats[];
}

const OPEN = `('waiting', 'retrying', 'expanding', 'moved', 'paused', 'resumed')`;

/** Figures per step. What waits is counted exactly; what is past comes from the timelines of at most 10,000 runs, newest first. */
export async function stepStats(manager: EntityManager, workflowId: string, since: Date): Promise<RunStats> {
  const [counted]: { runs: number }[] = await manager.query(
    `SELECT count(*) AS runs FROM (SELECT FROM runs WHERE workflow_id = $1 AND parent_id IS NULL AND triggered_at >= $2
       LIMIT ${SAMPLE + 1}) found`,
    [workflowId, since],
  );
  const steps: StepStats[] = await manager.query(
    `WITH roots AS (
       SELECT id FROM runs WHERE workflow_id = $1 AND parent_id IS NULL AND triggered_at >= $2
       ORDER BY triggered_at DESC LIMIT ${SAMPLE}
     ), visits AS (
       SELECT run_id, step_id AS step, extract(epoch FROM max(at) - min(at)) AS seconds,
         (array_agg(outcome ORDER BY seq DESC, line DESC))[1] AS outcome
       FROM run_log JOIN roots ON root_id = roots.id WHERE step_id IS NOT NULL GROUP BY 1, 2
     ), past AS (
       SELECT step, count(*) FILTER (WHERE outcome NOT IN ${OPEN} AND outcome NOT IN ('failed', 'skipped')) AS passed,
         count(*) FILTER (WHERE outcome = 'skipped') AS skipped, count(*) FILTER (WHERE outcome = 'failed') AS failed,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE outcome NOT IN ${OPEN}) AS p50,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE outcome NOT IN ${OPEN}) AS p95
       FROM visits GROUP BY 1
     ), intended AS (
       SELECT step_id AS step, count(*) AS intents
       FROM roots JOIN intents ON intent_key >= roots.id || ':' AND intent_key < roots.id || ';' GROUP BY 1
     ), standing AS (
       SELECT step, count(*) AS waiting, count(*) FILTER (WHERE paused) AS paused FROM runs
       WHERE workflow_id = $1 AND status IN ('new', 'waiting', 'expanding', 'queued') GROUP BY 1
     )
     SELECT step, COALESCE(waiting, 0) AS waiting, COALESCE(paused, 0) AS paused, COALESCE(passed, 0) AS passed,
       COALESCE(skipped, 0) AS skipped, COALESCE(failed, 0) AS failed, COALESCE(intents, 0) AS intents, p50::float8, p95::float8
     FROM past FULL JOIN standing USING (step) FULL JOIN intended USING (step) WHERE step IS NOT NULL`,
    [workflowId, since],
  );
  const { runs } = counted!;
  return { runs: Math.min(runs, SAMPLE), all: runs <= SAMPLE, steps };
}
