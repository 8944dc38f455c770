import type { EntityManager } from 'typeorm';
import type { Contribution, Stretch } from '#libs/scoring';

/** What counts: neither what is spent on rewards nor what expires, so that nobody loses a place by either. */
const COUNTS = `rule NOT LIKE 'reward:%' AND kind <> 'expire'`;

/** Since when points count; null before the first. Plan: the first entry of ledger_scores, which is kept of what counts only. */
export const FIRST_POINTS = `SELECT min(occurred_at) FROM ledger WHERE ${COUNTS}`;

/** Parameters of a statement as they are added; gives the name of each with its cast. */
export class Parameters {
  readonly list: unknown[] = [];

  add(value: unknown, cast: string): string {
    this.list.push(value);
    return `$${this.list.length}::${cast}`;
  }
}

/**
 * person_id, score and reached_at of everybody (or of some) over a stretch. `reached_at` is the moment of the last entry that still
 * counts: what was taken back on its own moment leaves no trace.
 * Plan at 1,000,000 entries: index-only scan of ledger_scores over the stretch, two hash aggregates. Of some: ledger_person for each.
 */
export function scoresSql(
  metric: string,
  stretch: Stretch,
  parameters: Parameters,
  people?: readonly string[],
): string {
  const only = people ? `AND person_id = ANY(${parameters.add(people, 'uuid[]')})` : '';
  return metric === 'points'
    ? pointsSql(stretch, parameters, only)
    : metricSql(metric, stretch, parameters, only);
}

function pointsSql({ start, end }: Stretch, parameters: Parameters, only: string): string {
  const [from, to] = [start, end].map((at) => parameters.add(new Date(at).toISOString(), 'timestamptz'));
  return `SELECT person_id, sum(points)::float8 AS score, max(at) AS reached_at FROM (
      SELECT person_id, occurred_at AS at, sum(points) AS points FROM ledger
      WHERE occurred_at >= ${from} AND occurred_at < ${to} AND ${COUNTS} ${only}
      GROUP BY person_id, occurred_at HAVING sum(points) <> 0
    ) moments GROUP BY person_id`;
}

function metricSql(metric: string, { from, to }: Stretch, parameters: Parameters, only: string): string {
  return `SELECT person_id, sum(value) AS score, max(COALESCE(at, day::timestamptz)) AS reached_at
    FROM metric_days LEFT JOIN metric_moments USING (person_id, metric, day)
    WHERE metric = ${parameters.add(metric, 'text')} AND day >= ${parameters.add(from, 'date')}
      AND day < ${parameters.add(to, 'date')} ${only}
    GROUP BY person_id HAVING sum(value) <> 0`;
}

/** Notes when metrics of boards moved, and tells of it: two statements, however many activities. */
export async function noteMoments(
  manager: EntityManager,
  contributions: readonly Contribution[],
): Promise<void> {
  const of = <T>(field: (contribution: Contribution) => T): T[] => contributions.map(field);
  const lists = [
    of(({ metric }) => metric),
    of(({ activity }) => activity.personId),
    of(({ activity }) => activity.day),
    of(({ activity }) => new Date(activity.occurredAt).toISOString()),
  ];
  await manager.query(
    `INSERT INTO metric_moments (metric, person_id, day, at)
     SELECT metric, person_id, day, max(at) FROM unnest($1::text[], $2::uuid[], $3::date[], $4::timestamptz[]) AS m(metric, person_id, day, at)
     GROUP BY metric, person_id, day
     ON CONFLICT (person_id, metric, day) DO UPDATE SET at = GREATEST(metric_moments.at, EXCLUDED.at)`,
    lists,
  );
  await manager.query(
    `INSERT INTO score_changes (metric, person_ids, amounts, ats, days)
     SELECT metric, array_agg(person_id), array_agg(value), array_agg(at), array_agg(day)
     FROM unnest($1::text[], $2::uuid[], $3::date[], $4::timestamptz[], $5::float8[]) AS m(metric, person_id, day, at, value)
     GROUP BY metric`,
    [...lists, of(({ value }) => value)],
  );
}
