import type { EntityManager } from 'typeorm';
import type { WorkCalendar } from '#libs/calendar';
import type { StreakRun } from '#libs/scoring';
import { rowsOf } from '../workflows/columns.js';

/** The streak of a person. */
export interface StreakOf {
  personId: string;
  streak: string;
}

/** A day or week in which a metric of a streak moved. */
export interface Touch extends StreakOf {
  metric: string;
  from: string;
  to: string;
}

/** Of each touch the sum of its unit, and whether the unit stands in a run. Plan: the keys of metric_days and streak_runs. */
export async function readUnits(
  manager: EntityManager,
  touches: readonly Touch[],
): Promise<{ value: number; isKnown: boolean }[]> {
  const { names, values, table, parameters } = rowsOf([
    ['place', 'int', touches.map((_touch, place) => place)],
    ['person_id', 'uuid', touches.map(({ personId }) => personId)],
    ['streak', 'text', touches.map(({ streak }) => streak)],
    ['metric', 'text', touches.map(({ metric }) => metric)],
    ['from_day', 'date', touches.map(({ from }) => from)],
    ['to_day', 'date', touches.map(({ to }) => to)],
  ]);
  const rows: { place: number; value: number; isKnown: boolean }[] = await manager.query(
    `WITH t (${names}) AS (SELECT ${values} FROM ${table})
     SELECT place, coalesce(total.value, 0) AS value, EXISTS (
         SELECT FROM streak_runs r WHERE r.person_id = t.person_id AND r.streak = t.streak
           AND r.last_unit >= t.from_day AND r.first_unit <= t.from_day) AS "isKnown"
     FROM t CROSS JOIN LATERAL (SELECT sum(d.value) AS value FROM metric_days d
       WHERE d.person_id = t.person_id AND d.metric = t.metric AND d.day >= t.from_day AND d.day < t.to_day) total
     ORDER BY place`,
    parameters,
  );
  return rows;
}

/** A run that is kept, and whose it is. */
export type KeptRun = StreakOf & StreakRun;

const RUN = `person_id AS "personId", streak, first_unit::text AS "from", last_unit::text AS "to", length`;

/** The runs that units can touch: of each streak of a person from the last one before the earliest unit on, ascending. */
export function readNeighbours(
  manager: EntityManager,
  asked: readonly (StreakOf & { from: string })[],
): Promise<KeptRun[]> {
  return manager.query(
    `SELECT ${RUN} FROM (
       SELECT person_id, streak, min(since) AS since FROM unnest($1::uuid[], $2::text[], $3::date[]) AS u(person_id, streak, since)
       GROUP BY person_id, streak) a
     JOIN streak_runs r USING (person_id, streak)
     WHERE r.last_unit >= coalesce((SELECT max(b.last_unit) FROM streak_runs b
       WHERE b.person_id = a.person_id AND b.streak = a.streak AND b.last_unit < a.since), a.since)
     ORDER BY person_id, streak, last_unit`,
    [asked.map(({ personId }) => personId), asked.map(({ streak }) => streak), asked.map(({ from }) => from)],
  );
}

/** All runs of a person, ascending by streak. */
export const readRuns = (manager: EntityManager, personId: string): Promise<KeptRun[]> =>
  manager.query(`SELECT ${RUN} FROM streak_runs WHERE person_id = $1 ORDER BY streak, last_unit`, [personId]);

/** Puts other runs in the place of some, each named by its last unit; those that are in both stay. */
export async function replaceRuns(
  manager: EntityManager,
  gone: readonly KeptRun[],
  come: readonly KeptRun[],
): Promise<void> {
  if (gone.length > 0)
    await manager.query(
      `DELETE FROM streak_runs r USING unnest($1::uuid[], $2::text[], $3::date[]) AS g(person_id, streak, last_unit)
       WHERE r.person_id = g.person_id AND r.streak = g.streak AND r.last_unit = g.last_unit`,
      [gone.map(({ personId }) => personId), gone.map(({ streak }) => streak), gone.map(({ to }) => to)],
    );
  if (come.length === 0) return;
  const { names, values, table, parameters } = rowsOf([
    ['person_id', 'uuid', come.map(({ personId }) => personId)],
    ['streak', 'text', come.map(({ streak }) => streak)],
    ['first_unit', 'date', come.map(({ from }) => from)],
    ['last_unit', 'date', come.map(({ to }) => to)],
    ['length', 'int', come.map(({ length }) => length)],
  ]);
  await manager.query(`INSERT INTO streak_runs (${names}) SELECT ${values} FROM ${table}`, parameters);
}

/** Takes away all runs of these people in a streak. */
export async function clearRuns(
  manager: EntityManager,
  streak: string,
  personIds: readonly string[],
): Promise<void> {
  await manager.query(`DELETE FROM streak_runs WHERE streak = $1 AND person_id = ANY($2::uuid[])`, [
    streak,
    personIds,
  ]);
}

/** The days on which a metric of these people moved, ascending. */
export const readDays = (
  manager: EntityManager,
  metric: string,
  personIds: readonly string[],
): Promise<{ personId: string; day: string; value: number }[]> =>
  manager.query(
    `SELECT person_id AS "personId", day::text AS day, value FROM metric_days
     WHERE person_id = ANY($2::uuid[]) AND metric = $1 ORDER BY person_id, day`,
    [metric, personIds],
  );

/** What decides when somebody works, and their zone. */
export interface Absences {
  personId: string;
  zone: string;
  location: string | null;
  leave: NonNullable<WorkCalendar['leave']>;
  /** By streak: days somebody has excused. */
  excuses: readonly { streak: string; from: string; to: string }[];
}

export const readAbsences = (manager: EntityManager, personIds: readonly string[]): Promise<Absences[]> =>
  manager.query(
    `SELECT id AS "personId", zone, location,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('from', from_day, 'to', to_day)), '[]') FROM leave
        WHERE person_id = people.id) AS leave,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('streak', streak, 'from', from_day, 'to', to_day)), '[]')
        FROM streak_excuses WHERE person_id = people.id) AS excuses
     FROM people WHERE id = ANY($1::uuid[])`,
    [personIds],
  );
