import type { WorkCalendar } from '#libs/calendar';
import type { Facts, PersonAttributes } from '#libs/expression';

/** What the driver knows of the run's person: attributes for expressions, the calendar for waits. */
export interface PersonFacts extends PersonAttributes {
  calendar: WorkCalendar;
}

/** Everything outside the run that advancing may look at, fetched beforehand. */
export interface World {
  person: PersonFacts | null;
  programme: { zone: string };
  facts: Facts;
}

/** An event as workflows see it; `occurredAt` is epoch ms. */
export interface WorkflowEvent {
  type: string;
  data: Record<string, unknown>;
  occurredAt: number;
}

// With nobody to ask, the working week of the programme's own zone.
const OFFICE_DAYS = [1, 2, 3, 4, 5];

/** The calendar of the person, or of the programme when the run has no person; `zone` overrides unless it is 'recipient'. */
export function calendarFor(world: World, zone: string | undefined): WorkCalendar {
  const own = world.person?.calendar ?? {
    zone: world.programme.zone,
    workingDays: OFFICE_DAYS,
    holidays: [],
  };
  return zone === undefined || zone === 'recipient' ? own : { ...own, zone };
}

/** The value of `event` in expressions: its data with its type. */
export function eventValue(event: WorkflowEvent): Record<string, unknown> {
  return { ...event.data, type: event.type };
}

/** An arrived event as a run keeps it in its vars: its data with type and moment (ISO). */
export function keptEvent(event: WorkflowEvent): Record<string, unknown> {
  return { ...eventValue(event), occurredAt: isoMoment(event.occurredAt) };
}

/** An instant as expressions and templates read it. */
export function isoMoment(ms: number): string {
  return new Date(ms).toISOString();
}
