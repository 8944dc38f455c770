import { z } from 'zod';
import { stepKind } from '../kinds.js';
import type { Turn } from '../kinds.js';
import { answered, checkData } from './data.js';
import { failed } from './outcomes.js';

const schema = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, { error: 'use letters, digits and _, starting with a letter' }),
  z.unknown(),
);
type SetConfig = z.infer<typeof schema>;

const MAX_CHARACTERS = 16_384;

/** set: keeps values under names in vars. */
export const set = stepKind<SetConfig>({
  kind: 'set',
  keys: [],
  schema,
  docs: {
    summary: 'Keeps values for later steps, which read them as vars.name.',
    details:
      'Every text is an expression; numbers, true, false and lists are taken as they stand. All values of one set are found before the first is kept. A run keeps at most 16 kB this way; what was set inside for_each is known to that item only.',
    example: "set: { shares: \"person.metric('shares', 'last_month')\", goal: 10 }",
  },

  check: (config, checking, site) => checkData(config, checking, site),
  mentions: (config) => Object.keys(config).map((name) => ({ path: [name], id: name, as: 'fresh' })),
  gives: (config) => Object.keys(config),

  advance(config, turn) {
    const answer = answered(config, turn);
    if (!answer.ok) return failed(`a value cannot be found: ${answer.error}`, config);
    const vars = JSON.parse(JSON.stringify(answer.value)) as Record<string, unknown>;
    const size = sizeWith(vars, turn);
    if (size > MAX_CHARACTERS)
      return failed(`what the run keeps would have ${size} characters, more than ${MAX_CHARACTERS}`, config);
    return {
      outcome: 'passed',
      reason: `sets ${Object.keys(config).join(', ')}`,
      vars,
      input: config,
      output: vars,
    };
  },
});

// What steps were answered or have collected has limits of its own.
function sizeWith(vars: Record<string, unknown>, { run, definition }: Turn): number {
  const own = Object.entries({ ...run.vars, ...vars }).filter(
    ([name]) => !Object.hasOwn(definition.steps, name),
  );
  return JSON.stringify(Object.fromEntries(own)).length;
}
