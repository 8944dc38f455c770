import type { EntityManager } from 'typeorm';
import type { WorkflowEvent } from '#libs/workflow';

/** A stretch of history: instants in [from, until). */
export interface Stretch {
  from: Date;
  until: Date;
}

interface Row {
  at: Date;
  exactly: string;
  id: string;
  type: string;
  data: Record<string, unknown>;
}

/** Where reading goes on. */
export interface Cursor {
  /** To the microsecond, as the database writes it: a page that began a little too early would tell its first event twice. */
  at: string;
  id: string;
}

/** Something that happened, with the id that orders events of one instant. */
export interface Happened extends WorkflowEvent {
  id: string;
}

/** Something read, and where to read on behind it. */
export interface Read extends Happened {
  cursor: Cursor;
}

const AFTER = (at: string, id: string): string => `${at} >= $1 AND ${at} < $2 AND (${at}, ${id}) > ($1, $3)`;
const ORDER = `ORDER BY at, id LIMIT $4`;

/** What is kept of the past besides activities, by the type of the event it was told as. */
const SOURCES: Record<string, string> = {
  'invitation.sent': `SELECT sent_at AS at, id::text AS id, 'invitation.sent' AS type,
      jsonb_build_object('invitationId', id, 'personId', person_id, 'wave', wave) AS data
    FROM invitations WHERE ${AFTER('sent_at', 'id::text')} ${ORDER}`,
  'invitation.accepted': `SELECT accepted_at AS at, id::text AS id, 'invitation.accepted' AS type,
      jsonb_build_object('invitationId', id, 'personId', person_id) AS data
    FROM invitations WHERE ${AFTER('accepted_at', 'id::text')} ${ORDER}`,
  'badge.earned': `SELECT earned_at AS at, id::text AS id, 'badge.earned' AS type,
      jsonb_build_object('awardId', id, 'personId', person_id, 'badge', badge, 'periodKey', period_key) AS data
    FROM badge_awards WHERE ${AFTER('earned_at', 'id::text')} ${ORDER}`,
  'points.awarded': `SELECT occurred_at AS at, id::text AS id, 'points.awarded' AS type,
      jsonb_build_object('entryId', id, 'personId', person_id, 'points', points, 'rule', rule, 'ruleVersion', rule_version,
        'sourceEventId', source_event_id) AS data
    FROM ledger WHERE kind = 'earn' AND ${AFTER('occurred_at', 'id::text')} ${ORDER}`,
  'board.closed': `SELECT closed_at AS at, id::text AS id, 'board.closed' AS type,
      jsonb_build_object('closingId', id, 'board', board, 'periodKey', period_key, 'start', start_at, 'end', end_at,
        'participants', participants, 'ranking', (
          SELECT coalesce(jsonb_agg(place), '[]') FROM (
            SELECT jsonb_build_object('personId', person_id, 'rank', rank, 'score', score) AS place FROM board_places
            WHERE closing_id = board_closings.id AND person_id IS NOT NULL ORDER BY place LIMIT 1000) places)) AS data
    FROM board_closings WHERE ${AFTER('closed_at', 'id::text')} ${ORDER}`,
};

/** Activities as they were told: what they carried, with whose they were. */
const ACTIVITIES = `SELECT occurred_at AS at, id::text AS id, type,
    data || jsonb_build_object('activityId', id, 'personId', person_id, 'objectId', object_id) AS data
  FROM activities WHERE ${AFTER('occurred_at', 'id::text')} AND type = ANY($5) ${ORDER}`;

/** Types of this list that the past tells of. Activities may have any name; the others are these. */
export const isKept = (type: string): boolean => Object.hasOwn(SOURCES, type);

/** The next page of history, oldest first: activities of some types, and events of some kept sources. */
export async function readHistory(
  manager: EntityManager,
  wanted: { activities: readonly string[]; kept: readonly string[] },
  { at, id }: Cursor,
  until: Date,
  limit: number,
): Promise<Read[]> {
  const sources = [ACTIVITIES, ...wanted.kept.map((type) => SOURCES[type]!)];
  const rows: Row[] = await manager.query(
    `SELECT *, at::text AS exactly FROM (${sources.map((sql) => `(${sql})`).join(' UNION ALL ')}) happened ${ORDER}`,
    [at, until, id, limit, wanted.activities],
  );
  return rows.map(({ at: when, exactly, ...row }) => ({
    ...row,
    occurredAt: when.getTime(),
    cursor: { at: exactly, id: row.id },
  }));
}

/** How many activities of these types a stretch has. */
export async function countActivities(
  manager: EntityManager,
  types: readonly string[],
  { from, until }: Stretch,
): Promise<number> {
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*) AS count FROM activities WHERE occurred_at >= $1 AND occurred_at < $2 AND type = ANY($3)`,
    [from, until, types],
  );
  return row!.count;
}
