import { stableId } from '#libs/platform';
import { awaitsKeys } from '#libs/workflow';
import type { Advanced, Definition, Input, Run } from '#libs/workflow';
import { earOf } from './turns.js';
import type { Heard, Incoming, Moved } from './turns.js';

/** Lets a run hear events one after the other; what it does not wait for by then it does not hear. */
export function hearInOrder(
  run: Run,
  events: readonly Heard[],
  give: (run: Run, input: Input) => Advanced,
): Advanced & { heard: string[] } {
  const heard: string[] = [];
  const sum: Advanced = { run, effects: [], log: [] };
  for (const { event, ears } of events) {
    if (!sum.run.awaits || !ears.has(earOf(sum.run.awaits))) continue;
    const next = give(sum.run, { type: 'event', event });
    if (next.run === sum.run) continue;
    heard.push(event.id);
    sum.run = next.run;
    sum.effects.push(...next.effects);
    sum.log.push(...next.log);
  }
  return { ...sum, heard };
}

/** Where runs of a version may listen for each of these events; events for nobody are left out. */
export function earsFor(definition: Definition, events: readonly Incoming[]): Heard[] {
  return events.flatMap((event) => {
    const keys = awaitsKeys(definition, event);
    return keys.length > 0 ? [{ event, ears: new Set(keys.map(earOf)) }] : [];
  });
}

/**
 * Whether a run has come, in this turn, to wait for an event that may have been heard before. Not so for answers to its own
 * question, which nobody can give before it is asked.
 */
export function listensAnew({ run, before }: Moved): boolean {
  if (run.status !== 'waiting' || !run.awaits || run.awaits.on.startsWith('ask:')) return false;
  const same = before.awaits && earOf(before.awaits) === earOf(run.awaits);
  return !same || before.cursor !== run.cursor || before.since !== run.since;
}

/** Whether an event is the one that started a run: their ids are made of each other. */
export function hasStarted(eventId: string, { run, eventOf }: Pick<Moved, 'run' | 'eventOf'>): boolean {
  if (eventOf === stableId('firing', run.workflowId, eventId)) return true;
  return startIds(run.workflowId, eventId).includes(run.rootId);
}

/** The ids that a run of a workflow may have which an event has started, one for each trigger. */
export const startIds = (workflowId: string, eventId: string): string[] =>
  TRIGGERS.map((trigger) => stableId('run', workflowId, trigger, eventId));

// More triggers than any workflow has; the number is only how many ids are tried.
const TRIGGERS = Array.from({ length: 20 }, (_, index) => String(index));

/** Whether runs of a definition may wait for events that come from anywhere. */
export function hasEars({ steps }: Definition): boolean {
  return Object.values(steps).some(({ verbs }) =>
    verbs.some(({ kind }) => kind === 'wait_for' || kind === 'collect'),
  );
}
