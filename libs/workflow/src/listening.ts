import type { Listen, Turn } from './kinds.js';
import type { Awaits } from './run.js';
import { keyFrom, text } from './triggers/weigh.js';
import type { WorkflowEvent } from './world.js';

/** The types of several events as one text, which stored runs are found by. */
export function eventsOf(listens: readonly Listen[]): string {
  return [...new Set(listens.map((l) => l.event))].sort().join('|');
}

/** What a run that listens must be found by; null when it listens by key and has none. */
export function awaitsOf(listens: readonly Listen[], { run }: Turn): Awaits | null {
  const event = eventsOf(listens);
  if (listens[0]?.by === 'key') return run.key === null ? null : { event, on: `key:${run.key}` };
  const everybody = listens[0]?.by === 'anybody' || run.personId === null;
  return { event, on: everybody ? 'any' : `person:${run.personId}` };
}

/** Whether an arriving event is one of those listened to, by type and key or person. */
export function isMeant(
  listens: readonly Listen[],
  { run, definition }: Turn,
  event: WorkflowEvent,
): boolean {
  return listens.some((listen) => {
    if (listen.event !== event.type) return false;
    if (listen.by === 'key')
      return run.key !== null && keyFrom(listen.key ?? '', event, definition) === run.key;
    return listen.by === 'anybody' || run.personId === null || text(event.data['personId']) === run.personId;
  });
}

/** Whether the step's condition holds for the event the turn sees; one that cannot be answered does not. */
export function holds(condition: string | undefined, turn: Turn): boolean {
  if (condition === undefined) return true;
  const answer = turn.ask(condition);
  return answer.ok && answer.value === true;
}
