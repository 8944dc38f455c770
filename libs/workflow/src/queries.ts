import { compileExpression } from '#libs/expression';
import type { Evaluated, Facts, Need, PersonAttributes } from '#libs/expression';
import type { Definition } from './definition.js';
import type { MetricConfig } from './triggers/metric.js';
import { triggerKindOf } from './triggers/list.js';

/** A metric trigger as whoever counts metrics must watch it. */
export interface MetricTrigger {
  metric: string;
  reaches: number;
  per: MetricConfig['per'];
}

/** The metrics whose thresholds must be told as metric.reached events. */
export function metricTriggers(definition: Definition): MetricTrigger[] {
  return definition.on
    .filter((t) => t.kind === 'metric')
    .map(({ config }) => {
      const { metric, reaches, per } = config as MetricConfig;
      return { metric, reaches, per };
    });
}

/** The event types a driver must hand to startsOn and stopsOn. */
export function eventTypesOf(definition: Definition): string[] {
  const starting = definition.on.flatMap(({ kind, config }) => triggerKindOf(kind).eventTypes(config));
  return [...new Set([...starting, ...definition.stopWhen.map((s) => s.event)])];
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
