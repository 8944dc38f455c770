import type { Definition, Trigger } from './definition.js';
import type { Refusal, Start } from './kinds.js';
import type { Run } from './run.js';
import { triggerKindOf } from './triggers/list.js';
import { keyFrom, text, unmet } from './triggers/weigh.js';
import { eventValue } from './world.js';
import type { WorkflowEvent } from './world.js';

/** The runs an event starts, and of the triggers that listen to its type those that did not, with the reason. */
export interface Starts {
  starts: Start[];
  refused: Refusal[];
}

/** Which runs an event ends: those with this key, or, with a null key, those of this person. */
export interface Stop {
  key: string | null;
  personId: string | null;
}

/** What starts a workflow: nothing, while it is not switched on. */
export const triggersOf = ({ on, enabled }: Definition): Trigger[] => (enabled === false ? [] : on);

/** What an event starts. With an audience the driver makes one run per person of it, keyed by audienceKey. */
export function startsOn(definition: Definition, event: WorkflowEvent): Starts {
  const result: Starts = { starts: [], refused: [] };
  triggersOf(definition).forEach(({ kind, config }, trigger) => {
    const known = triggerKindOf(kind);
    if (!known.eventTypes(config).includes(event.type)) return;
    const weighed = known.weigh(config, event, definition);
    if (!weighed.starts) result.refused.push({ trigger, reason: weighed.reason });
    else
      result.starts.push({ trigger, key: weighed.key, personId: weighed.personId, event: eventValue(event) });
  });
  return result;
}

/** The key of one person's run when a firing fans out to an audience; null stays null, so that every firing counts. */
export function audienceKey(key: string | null, personId: string): string | null {
  return key === null ? null : `${key}:${personId}`;
}

/** Which runs an event ends; none for most events. An event whose key cannot be told ends nothing. */
export function stopsOn(definition: Definition, event: WorkflowEvent): Stop[] {
  return definition.stopWhen.flatMap((stop): Stop[] => {
    if (stop.event !== event.type || unmet(stop.if, event, definition) !== null) return [];
    if (stop.key === null) return [{ key: null, personId: text(event.data['personId']) }];
    const key = keyFrom(stop.key, event, definition);
    return key === undefined ? [] : [{ key, personId: null }];
  });
}

/** Whether a stop is meant for this run. */
export function stopsRun(stop: Stop, run: Pick<Run, 'key' | 'personId'>): boolean {
  return stop.key !== null ? stop.key === run.key : stop.personId !== null && stop.personId === run.personId;
}
