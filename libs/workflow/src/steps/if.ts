import { z } from 'zod';
import { checkCel } from '../checking.js';
import { stepKind } from '../kinds.js';
import { failed } from './outcomes.js';

/** if: goes on only when a condition holds; with `steps` and `else` it chooses between two ways. */
export const condition = stepKind<string>({
  kind: 'if',
  role: 'gate',
  keys: [],
  schema: z.string(),
  docs: {
    summary: 'Goes on with the step only when the condition holds; weighed after the wait.',
    details:
      'A condition is true or false of the moment when the step comes to it: after a wait, what counts is how things are then. When it does not hold the step is passed over. With steps: and else: the run takes the one way or the other and then goes on below.',
    example: 'if: person.lead != null\nsend: { template: invite-escalation, to: person.lead }',
    examples: [
      'if: person.metric("shares", "last_30_days") > 0\nsteps:\n  - { id: thanks, send: { template: validation-personal } }\nelse:\n  - { id: nudge, send: { template: invite-reminder } }',
    ],
  },
  nests: true,

  check(config, checking, { path, names }) {
    checkCel(checking, path, config, 'workflow', { names, expects: 'bool' });
  },

  advance(config, { ask, step }) {
    const answer = ask(config);
    if (!answer.ok) return failed(`the condition "${config}" cannot be answered: ${answer.error}`, config);
    if (typeof answer.value !== 'boolean')
      return failed(`the condition "${config}" is neither true nor false`, config);
    return answer.value
      ? {
          outcome: 'passed',
          reason: `holds: ${config}`,
          go: nestedHere(step) ? 'inner' : 'on',
          input: config,
          output: true,
        }
      : {
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
  return step.inner !== null && !step.verbs.some(({ kind }) => kind === 'for_each');
}
