import { compileExpression } from '#libs/expression';
import type { Evaluated, Expression, Values } from '#libs/expression';
import type { Definition, Step } from './definition.js';
import type { Turn } from './kinds.js';
import type { Run } from './run.js';
import type { World } from './world.js';

interface Place {
  definition: Definition;
  run: Run;
  now: number;
  world: World;
}

/** What a step sees: the run, the world, and a way to ask its expressions. */
export function turnOf(place: Place, step: Step): Turn {
  const { definition, run, now, world } = place;
  let values: Values | null = null;
  const compiled = (source: string) => expressionFor(source, step.names);
  const ask = (source: string): Evaluated => {
    const expression = compiled(source);
    // Saved definitions were checked; an older one may name what this version of the engine no longer knows.
    return expression
      ? expression.evaluate((values ??= valuesFor(place)), world.facts)
      : { ok: false, error: 'this expression is not understood any more' };
  };
  return { definition, run, step, now, world, ask, compiled };
}

/** The values of the variables of a run's expressions. */
export function valuesFor({ definition, run, world }: Pick<Place, 'definition' | 'run' | 'world'>): Values {
  const { id, key, startedAt, personId, version } = run;
  return {
    ...run.branch?.names,
    event: run.event,
    person: world.person,
    run: { id, key, startedAt, personId, version },
    inputs: definition.values,
    vars: run.vars,
  };
}

function expressionFor(source: string, names: readonly string[]): Expression | null {
  const workflow = compileExpression(source, 'workflow', { names });
  return workflow.ok ? workflow.expression : null;
}
