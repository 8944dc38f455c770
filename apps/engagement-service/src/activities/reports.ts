import { DomainError, traceFrom } from '#libs/platform';
import type { Trace } from '#libs/platform';
import type { Activity } from '#libs/scoring';

/** An activity before it is placed on the person's calendar. */
export type NewActivity = Omit<Activity, 'day'>;

/** How many activities of a report were new, and how many had been recorded before. */
export interface Recorded {
  recorded: number;
  known: number;
}

/** A report, and the trace it came on. */
export interface Report {
  activities: NewActivity[];
  parent: string;
}

/** What one report is about keeps its trace, whichever reports it is recorded with. */
export function traceOf(reports: readonly Report[]): Trace {
  const ofPerson = new Map(
    reports.flatMap(({ activities, parent }) =>
      activities.map(({ personId }) => [personId, parent] as const),
    ),
  );
  return { ...traceFrom(reports[0]!.parent), ofPerson };
}

/** The error that answers a report which names strangers; null when it names none. */
export function refusalOf({ activities }: Report, zones: ReadonlyMap<string, string>): DomainError | null {
  const unknown = activities.flatMap(({ personId }, index) =>
    zones.has(personId) ? [] : [{ path: `${index}.personId`, message: `there is no person "${personId}"` }],
  );
  return unknown.length === 0
    ? null
    : new DomainError('person_unknown', 422, 'Nothing was recorded: some persons are unknown.', unknown);
}

/** Takes what is new of a report out of `fresh`: of two reports of the same the first has recorded it. */
export function recordedOf({ activities }: Report, fresh: Set<string>): Recorded {
  const recorded = activities.filter(({ id }) => fresh.delete(id)).length;
  return { recorded, known: activities.length - recorded };
}
