import { compileExpression } from '#libs/expression';

/** The value of an expression that asks nothing, such as `1 > 2`; undefined for every other. */
export function constantOf(source: string, names: readonly string[]): unknown {
  const compiled = compileExpression(source, 'workflow', { names });
  if (!compiled.ok || compiled.expression.paths.length > 0 || compiled.expression.needs.length > 0)
    return undefined;
  const answer = compiled.expression.evaluate({});
  return answer.ok ? answer.value : undefined;
}
