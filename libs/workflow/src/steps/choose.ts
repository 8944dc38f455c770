import { z } from 'zod';
import { checkCel } from '../checking.js';
import { stepKind } from '../kinds.js';
import { failed } from './outcomes.js';

const schema = z
  .array(z.strictObject({ if: z.string(), steps: z.array(z.unknown()) }))
  .min(1, { error: 'give a list of ways, each with if: and steps:' });

/** choose: the first way whose condition holds; the step's else when none does. */
export const choose = stepKind<z.infer<typeof schema>>({
  kind: 'choose',
  keys: ['if', 'steps'],
  schema,
  docs: {
    summary: 'Takes the first of several ways whose condition holds.',
    details:
      'The conditions are weighed from the top; only the first that holds counts. When none holds the steps under else: are done, if there are any. Whichever way is taken, the run then goes on below.',
    example: `choose:
  - if: person.metric("shares", "last_30_days") >= 10
    steps:
      - { id: big_thanks, send: { template: validation-executive } }
  - if: person.metric("shares", "last_30_days") > 0
    steps:
      - { id: thanks, send: { template: validation-personal } }
else:
  - { id: nudge, send: { template: invite-reminder } }`,
  },
  nests: true,

  check(config, checking, { path, names }) {
    config.forEach((each, index) =>
      checkCel(checking, [...path, index, 'if'], each.if, 'workflow', { names, expects: 'bool' }),
    );
  },

  // The steps are the definition's own.
  keep: (config) => config.map((each) => ({ if: each.if })),

  advance(config, { ask, step }) {
    for (const [index, { if: condition }] of config.entries()) {
      const answer = ask(condition);
      if (!answer.ok)
        return failed(`the condition "${condition}" cannot be answered: ${answer.error}`, condition);
      if (answer.value === true) {
        const target = step.ways?.[index] ?? step.next;
        return { outcome: 'passed', reason: `holds: ${condition}`, go: 'to', target, output: index };
      }
    }
    return {
      outcome: 'passed',
      reason: 'none of the ways holds',
      go: step.otherwise === null ? 'over' : 'otherwise',
    };
  },
});
