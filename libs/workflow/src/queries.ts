import { compileExpression } from '#libs/expression';
import type { Evaluated, Facts, Need, PersonAttributes } from '#libs/expression';
import type { Definition } from './definition.js';
import type { Listen } from './kinds.js';
import { eventsOf } from './listening.js';
import type { Awaits } from './run.js';
import { triggersOf } from './starts.js';
import { stepKindOf } from './steps/list.js';
import type { MetricConfig } from './triggers/metric.js';
import { triggerKindOf } from './triggers/list.js';
import { keyFrom, text } from './triggers/weigh.js';
import type { WorkflowEvent } from './world.js';

/** A metric trigger as whoever counts metrics must watch it. */
export interface MetricTrigger {
  metric: string;
  reaches: number;
  per: MetricConfig['per'];
}

/** The metrics whose thresholds must be told as metric.reached events. */
export function metricTriggers(definition: Definition): MetricTrigger[] {
  return triggersOf(definition)
    .filter((t) => t.kind === 'metric')
    .flatMap(({ config }) => {
      const { metric, reaches, per } = config as MetricConfig;
      return reaches === undefined ? [] : [{ metric, reaches, per }];
    });
}

/** A drop as whoever counts the programme's metrics must watch for it, told as metric.dropped once per period. */
export interface DropTrigger {
  metric: string;
  drops: number;
  per: 'week' | 'month';
  against: 'season' | 'usual';
  atLeast: number;
}

/** The metrics whose drops must be told. */
export function dropTriggers(definition: Definition): DropTrigger[] {
  return triggersOf(definition)
    .filter((t) => t.kind === 'metric')
    .flatMap(({ config }) => {
      const { metric, drops, per, against = 'season', at_least: atLeast = 0 } = config as MetricConfig;
      return drops === undefined || (per !== 'week' && per !== 'month')
        ? []
        : [{ metric, drops, per, against, atLeast }];
    });
}

/** A condition whose beginning or end for each person must be told, as audience.entered or audience.left with this trigger. */
export interface AudienceTrigger {
  /** Its place in `on`. */
  trigger: number;
  kind: 'enters' | 'leaves';
  audience: string;
  needs: readonly Need[];
}

/** The conditions of `enters` and `leaves`; inAudience weighs them. */
export function audienceTriggers(definition: Definition): AudienceTrigger[] {
  return triggersOf(definition).flatMap(({ kind, config }, trigger) => {
    if (kind !== 'enters' && kind !== 'leaves') return [];
    const audience = (config as Record<string, string>)[kind] ?? '';
    const compiled = compileExpression(audience, 'audience');
    return [{ trigger, kind, audience, needs: compiled.ok ? compiled.expression.needs : [] }];
  });
}

/** The event types a driver must hand to startsOn, stopsOn and awaitsKeys. */
export function eventTypesOf(definition: Definition): string[] {
  const starting = triggersOf(definition).flatMap(({ kind, config }) =>
    triggerKindOf(kind).eventTypes(config),
  );
  const stopping = definition.stopWhen.map((s) => s.event);
  const awaited = listenersOf(definition).flatMap((listens) => listens.map((l) => l.event));
  return [...new Set([...starting, ...stopping, ...awaited])];
}

/**
 * The `awaits` of waiting runs of this definition that an event may wake, each once: a driver finds those runs by equality and
 * gives them the event, and `advance` has the last word.
 */
export function awaitsKeys(definition: Definition, event: WorkflowEvent): Awaits[] {
  const found = new Map<string, Awaits>();
  for (const listens of listenersOf(definition)) {
    for (const listen of listens.filter((l) => l.event === event.type)) {
      for (const on of placesOf(listen, event, definition))
        found.set(`${eventsOf(listens)} ${on}`, { event: eventsOf(listens), on });
    }
  }
  return [...found.values()];
}

function placesOf({ by, key }: Listen, event: WorkflowEvent, definition: Definition): string[] {
  const personId = text(event.data['personId']);
  if (by === 'ask') return [`ask:${String(event.data['askId'])}`];
  if (by !== 'key') return by === 'anybody' || personId === null ? ['any'] : [`person:${personId}`, 'any'];
  const own = keyFrom(key ?? '', event, definition);
  return own === undefined ? [] : [`key:${own}`];
}

const listeners = new WeakMap<Definition, Listen[][]>();

// Asked for every event that arrives; a definition never changes.
function listenersOf(definition: Definition): Listen[][] {
  let found = listeners.get(definition);
  if (!found) {
    const verbs = Object.values(definition.steps).flatMap((step) => step.verbs);
    found = verbs
      .map(({ kind, config }) => stepKindOf(kind).listens(config, definition))
      .filter((listens) => listens.length > 0);
    listeners.set(definition, found);
  }
  return found;
}

/** All facts any expression of the definition may look up, each once. */
export function needsOf(definition: Definition): Need[] {
  const needs = new Map<string, Need>();
  for (const { source, scope, names } of definition.expressions) {
    const compiled = compileExpression(source, scope, { names });
    if (compiled.ok) for (const need of compiled.expression.needs) needs.set(JSON.stringify(need), need);
  }
  return [...needs.values()];
}

/** What an audience expression is asked about one person. */
export interface AudienceAsk {
  person: PersonAttributes;
  event?: Record<string, unknown> | null;
  facts?: Facts;
  /** The `as` values in sight of a for_each over an audience inside a loop. */
  names?: Record<string, unknown>;
}

/** Whether a person belongs to an audience (of the workflow, or of an expand effect): value true or false, or why it cannot be told. */
export function inAudience(definition: Definition, audience: string, ask: AudienceAsk): Evaluated {
  const compiled = compileExpression(audience, 'audience', { names: Object.keys(ask.names ?? {}) });
  if (!compiled.ok) return { ok: false, error: compiled.error.message };
  return compiled.expression.evaluate(
    { ...ask.names, person: ask.person, event: ask.event ?? null, inputs: definition.values },
    ask.facts,
  );
}
