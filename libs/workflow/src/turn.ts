import { compileExpression } from '#libs/expression';
import type { Evaluated, Expression, Values } from '#libs/expression';
import type { Definition, Step } from './definition.js';
import type { Turn } from './kinds.js';
import type { Run } from './run.js';
import { stepKindOf } from './steps/list.js';
import { eventValue } from './world.js';
import type { WorkflowEvent, World } from './world.js';

interface Place {
  definition: Definition;
  run: Run;
  now: number;
  world: World;
}

/** What a step sees: the run, the world, and a way to ask its expressions, to which an arriving event is `event`. */
export function turnOf(place: Place, step: Step, arriving: WorkflowEvent | null = null): Turn {
  const { definition, run, now, world } = place;
  let values: Values | null = null;
  const compiled = (source: string) => expressionFor(source, step.names);
  const ask = (source: string): Evaluated => {
    const expression = compiled(source);
    // Saved definitions were checked; an older one may name what this version of the engine no longer knows.
    return expression
      ? expression.evaluate((values ??= valuesFor(place, arriving)), world.facts)
      : { ok: false, error: 'this expression is not understood any more' };
  };
  return { definition, run, step, now, world, ask, compiled };
}

/** The values of the variables of a run's expressions; `run.event` is always what started the run. */
export function valuesFor(
  { definition, run, world }: Pick<Place, 'definition' | 'run' | 'world'>,
  arriving: WorkflowEvent | null = null,
): Values {
  const { id, key, startedAt, personId, version, event } = run;
  return {
    ...run.branch?.names,
    event: arriving ? eventValue(arriving) : event,
    person: world.person,
    run: { id, key, startedAt, personId, version, event },
    inputs: definition.values,
    vars: { ...notYet(definition), ...run.vars },
  };
}

const known = new WeakMap<Definition, Record<string, null>>();

// What a step will give is null until then, so that a condition may ask for it whichever way the run has come.
function notYet(definition: Definition): Record<string, null> {
  let names = known.get(definition);
  if (!names) known.set(definition, (names = namesGiven(definition)));
  return names;
}

function namesGiven({ steps }: Definition): Record<string, null> {
  const names = Object.values(steps).flatMap(({ id, verbs }) =>
    verbs.flatMap(({ kind, config }) => stepKindOf(kind).gives(config, id)),
  );
  return Object.fromEntries(names.map((name) => [name, null]));
}

function expressionFor(source: string, names: readonly string[]): Expression | null {
  const workflow = compileExpression(source, 'workflow', { names });
  return workflow.ok ? workflow.expression : null;
}
