import type { EntityManager } from 'typeorm';
import { newId } from '#libs/platform';
import type { LedgerDifference, LedgerJob } from './ledger.js';

const JOB = `id, job, night::text AS night, state, cursor, people, differences, cutoff, started_at AS "startedAt", ended_at AS "endedAt"`;

/** Opens a job; null when this night has it already. */
export async function openJob(
  manager: EntityManager,
  { job, night, cutoff }: Pick<LedgerJob, 'job' | 'night' | 'cutoff'>,
  now: Date,
): Promise<LedgerJob | null> {
  const [row]: LedgerJob[] = await manager.query(
    `INSERT INTO ledger_jobs (id, job, night, state, cutoff, started_at) VALUES ($1, $2, $3, 'running', $4, $5)
     ON CONFLICT DO NOTHING RETURNING ${JOB}`,
    [newId(), job, night, cutoff, now],
  );
  return row ?? null;
}

/** Whether a night has its job already. */
export async function hasNight(
  manager: EntityManager,
  job: LedgerJob['job'],
  night: string,
): Promise<boolean> {
  const rows: object[] = await manager.query(`SELECT FROM ledger_jobs WHERE job = $1 AND night = $2`, [
    job,
    night,
  ]);
  return rows.length > 0;
}

/** The job to go on with, locked; null when another process has it or there is none. */
export async function claimJob(manager: EntityManager): Promise<LedgerJob | null> {
  const [row]: LedgerJob[] = await manager.query(
    `SELECT ${JOB} FROM ledger_jobs WHERE state = 'running' ORDER BY started_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return row ?? null;
}

/** Notes a page as done, with what differed in it. */
export async function checkpoint(
  manager: EntityManager,
  id: string,
  page: {
    cursor: string | null;
    people: number;
    differences: readonly LedgerDifference[];
    endedAt: Date | null;
  },
): Promise<void> {
  const { differences } = page;
  await manager.query(
    `INSERT INTO ledger_differences (job_id, person_id, what, kept, summed)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[])`,
    [
      id,
      differences.map(({ personId }) => personId),
      differences.map(({ what }) => what),
      differences.map(({ kept }) => kept),
      differences.map(({ summed }) => summed),
    ],
  );
  await manager.query(
    `UPDATE ledger_jobs SET cursor = COALESCE($2, cursor), people = people + $3, differences = differences + $4,
       state = CASE WHEN $5::timestamptz IS NULL THEN 'running' ELSE 'done' END, ended_at = $5 WHERE id = $1`,
    [id, page.cursor, page.people, differences.length, page.endedAt],
  );
}

/** Jobs of these kinds, newest first. */
export const listJobs = (
  manager: EntityManager,
  jobs: readonly LedgerJob['job'][],
  limit: number,
): Promise<LedgerJob[]> =>
  manager.query(
    `SELECT ${JOB} FROM ledger_jobs WHERE job = ANY($1::text[]) ORDER BY started_at DESC, id LIMIT $2`,
    [jobs, limit],
  );

/** One job, with the first thousand of its differences; null when there is none. */
export async function readJob(
  manager: EntityManager,
  id: string,
): Promise<(LedgerJob & { found: LedgerDifference[] }) | null> {
  const [job]: LedgerJob[] = await manager.query(`SELECT ${JOB} FROM ledger_jobs WHERE id = $1`, [id]);
  if (!job) return null;
  const found: LedgerDifference[] = await manager.query(
    `SELECT person_id AS "personId", what, kept, summed FROM ledger_differences WHERE job_id = $1 ORDER BY what, person_id LIMIT 1000`,
    [id],
  );
  return { ...job, found };
}
