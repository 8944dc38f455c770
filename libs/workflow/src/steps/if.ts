import { z } from 'zod';
import { checkCel } from '../checking.js';
import { stepKind } from '../kinds.js';

/** if: goes on only when a condition holds; with `steps` and `else` it chooses between two ways. */
export const condition = stepKind<string>({
  kind: 'if',
  keys: [],
  schema: z.string(),
  docs: {
    summary: 'Goes on with the step only when the condition holds; weighed after the wait.',
    example: 'if: person.lead != null',
  },
  nests: true,

  check(config, checking, { path, names }) {
    checkCel(checking, path, config, 'workflow', { names, expects: 'bool' });
  },

  advance(config, { ask, step }) {
    const answer = ask(config);
    if (!answer.ok)
      return {
        outcome: 'failed',
        go: 'fail',
        reason: `the condition "${config}" cannot be answered: ${answer.error}`,
        input: config,
      };
    if (typeof answer.value !== 'boolean')
      return {
        outcome: 'failed',
        go: 'fail',
        reason: `the condition "${config}" is neither true nor false`,
        input: config,
      };
    if (answer.value)
      return {
        outcome: 'passed',
        reason: `holds: ${config}`,
        go: nestedHere(step) ? 'inner' : 'on',
        input: config,
        output: true,
      };
    return {
      outcome: 'skipped',
      reason: `does not hold: ${config}`,
      go: step.otherwise === null ? 'over' : 'otherwise',
      input: config,
      output: false,
    };
  },
});

// Steps under a step that also says for_each are the body of that loop.
function nestedHere(step: { inner: string | null; verbs: { kind: string }[] }): boolean {
  return step.inner !== null && step.verbs.at(-1)?.kind === 'if';
}
