import type { EntityManager } from 'typeorm';
import type { Activity } from '#libs/scoring';
import { rowsOf } from '../workflows/columns.js';
import type { NewActivity } from './reports.js';

/** The zone of everybody of them who is known. */
export async function readZones(
  manager: EntityManager,
  activities: readonly NewActivity[],
): Promise<Map<string, string>> {
  const ids = [...new Set(activities.map(({ personId }) => personId))];
  const rows: { id: string; zone: string }[] = await manager.query(
    `SELECT id, zone FROM people WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, zone }) => [id, zone]));
}

/** Writes activities to the log; returns those that were new, of several with one id the first. */
export async function insertActivities(
  manager: EntityManager,
  activities: readonly Activity[],
): Promise<Activity[]> {
  const byId = new Map<string, Activity>();
  for (const activity of activities) if (!byId.has(activity.id)) byId.set(activity.id, activity);
  const rows = [...byId.values()];
  if (rows.length === 0) return [];
  const { names, values, table, parameters } = rowsOf([
    ['id', 'uuid', rows.map(({ id }) => id)],
    ['type', 'text', rows.map(({ type }) => type)],
    ['person_id', 'uuid', rows.map(({ personId }) => personId)],
    ['object_id', 'text', rows.map(({ objectId }) => objectId)],
    ['occurred_at', 'timestamptz', rows.map(({ occurredAt }) => new Date(occurredAt).toISOString())],
    ['day', 'date', rows.map(({ day }) => day)],
    ['data', 'jsonb', rows.map(({ data }) => JSON.stringify(data))],
  ]);
  const inserted: { id: string }[] = await manager.query(
    `INSERT INTO activities (${names}) SELECT ${values} FROM ${table} ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id`,
    parameters,
  );
  return inserted.map(({ id }) => byId.get(id)!);
}
