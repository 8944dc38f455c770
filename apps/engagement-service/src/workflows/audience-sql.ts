import { windowOf } from '#libs/calendar';
import { audienceSql } from '#libs/expression';
import type { Sql, SqlOptions } from '#libs/expression';

const COLUMNS: Readonly<Record<string, { sql: string; type: 'text' | 'bool' }>> = {
  id: { sql: 'people.id::text', type: 'text' },
  locale: { sql: 'people.locale', type: 'text' },
  zone: { sql: 'people.zone', type: 'text' },
  team: { sql: 'people.team', type: 'text' },
  department: { sql: 'people.department', type: 'text' },
  location: { sql: 'people.location', type: 'text' },
  seniority: { sql: 'people.seniority', type: 'text' },
  joinedOn: { sql: 'people.joined_on::text', type: 'text' },
  lead: { sql: 'NULLIF(COALESCE(people.lead_id, teams.lead_id), people.id)::text', type: 'text' },
  active: { sql: 'people.active', type: 'bool' },
  'consents.ranking': { sql: 'people.consents_ranking', type: 'bool' },
  'consents.mail': { sql: 'people.consents_mail', type: 'bool' },
  participant: {
    sql: 'EXISTS (SELECT FROM invitations i WHERE i.person_id = people.id AND i.accepted_at IS NOT NULL)',
    type: 'bool',
  },
};

/** What a condition on people is asked with. */
export interface AudienceQuestion {
  audience: string;
  values: Readonly<Record<string, unknown>>;
  /** The zones people live in: today is a date of its own in each. */
  zones: readonly string[];
  now: number;
  /** How many parameters the statement has before. */
  offset: number;
}

/** The condition over `people LEFT JOIN teams ON teams.name = people.team`, or null when it must be evaluated in memory. */
export function audienceCondition({ audience, values, zones, now, offset }: AudienceQuestion): Sql | null {
  const metric: SqlOptions['metric'] = (name, window, parameter) => {
    const spans = zones.flatMap((zone) => {
      const dates = windowOf(window, now, zone);
      return dates ? [{ zone, ...dates }] : [];
    });
    const list = (of: 'zone' | 'fromDate' | 'toDateExclusive', cast: string): string =>
      parameter(
        spans.map((span) => span[of]),
        cast,
      );
    const named = parameter(name, 'text');
    // A metric keeps either days to add up or elements to count.
    return `SELECT COALESCE(sum((
        SELECT COALESCE(sum(d.value), 0) FROM metric_days d
        WHERE d.person_id = people.id AND d.metric = ${named} AND d.day >= w.from_day AND d.day < w.to_day
      ) + (
        SELECT count(DISTINCT e.element) FROM metric_elements e
        WHERE e.person_id = people.id AND e.metric = ${named} AND e.day >= w.from_day AND e.day < w.to_day
      )), 0) FROM unnest(${list('zone', 'text[]')}, ${list('fromDate', 'date[]')},
        ${list('toDateExclusive', 'date[]')}) AS w(zone, from_day, to_day)
      WHERE w.zone = people.zone`;
  };
  const column = (field: string): { sql: string; type: 'text' | 'bool' } | null =>
    field === 'paused' ? null : (COLUMNS[field] ?? null);
  return audienceSql(audience, { column, metric, values, offset });
}
