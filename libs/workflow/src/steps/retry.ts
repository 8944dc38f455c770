import { z } from 'zod';
import { checkDuration } from '../checking.js';
import { stepKind } from '../kinds.js';

const schema = z.strictObject({
  times: z.int().min(1).max(20),
  after: z.string(),
  factor: z.number().min(1).max(10).optional(),
});

/** The settings of a retry. */
export type RetryConfig = z.infer<typeof schema>;

/** retry: what fails in its step is tried again after a pause, so many times. */
export const retry = stepKind<RetryConfig>({
  kind: 'retry',
  role: 'modifier',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Tries the step again after a pause when it fails.',
    details:
      'A call that is refused, an expression that cannot be answered, or nobody there to write to: the step waits and is tried again, at most so many times. With factor: 2 every pause is twice as long as the one before, up to thirty days. When all tries are used up, what happens is what would have happened without retry.',
    example:
      'retry: { times: 3, after: 10m, factor: 2 }\ncall: { url: "https://hooks.example.com/laurel", data: { who: person.id } }',
    examples: ['retry: { times: 5, after: 1d }\nsend: { template: invite-escalation, to: person.lead }'],
  },
  check: (config, checking, { path }) => checkDuration(checking, [...path, 'after'], config.after),
  // The walk passes over it and looks it up when something fails.
  advance: () => ({ outcome: 'passed', reason: 'what fails is tried again' }),
});
