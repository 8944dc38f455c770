import { z } from 'zod';
import { checkCel, report } from '../checking.js';
import type { Item } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import { failed } from './outcomes.js';

const schema = z.union([z.string(), z.strictObject({ audience: z.string() })], {
  error: 'give a list expression, or { audience: "…" }',
});
type ForEachConfig = z.infer<typeof schema>;

// A list travels in the run's effect; more than this belongs into an audience, which the database walks.
const MAX_ITEMS = 10_000;

/** for_each: its steps once for every item of a list, or once for every person of an audience; branches run side by side. */
export const forEach = stepKind<ForEachConfig>({
  kind: 'for_each',
  keys: ['audience'],
  schema,
  docs: {
    summary: 'Does its steps for every item of a list, or for every person who matches.',
    details:
      'The list comes from an expression; as gives the item its name for the steps below. Where the item has a personId, as the places of a board have, person is that person. With { audience } the steps are done once for every person who matches, and person is that person. The items go side by side, each at its own pace; the run itself goes on below when all of them have ended. stop: in the steps ends one item only.',
    example: `for_each: event.ranking.filter(r, r.rank <= 3)
as: winner
steps:
  - { id: badge, award: { badge: weekly-winner, to: winner.personId } }`,
    examples: [
      `for_each: { audience: "person.active && person.consents.ranking" }
steps:
  - { id: mail, send: { template: weekly-leaderboard } }`,
    ],
  },
  nests: true,

  check(config, checking, { path, names, hasSteps }) {
    if (!hasSteps) report(checking, path, 'for_each has no steps', 'put what is done for each under steps:');
    if (typeof config === 'string')
      return checkCel(checking, path, config, 'workflow', { names, expects: 'list' });
    checkCel(checking, [...path, 'audience'], config.audience, 'audience', { names, expects: 'bool' });
  },

  settled: () => ({ outcome: 'passed', reason: 'all have ended' }),

  advance(config, turn) {
    return typeof config === 'string' ? overList(config, turn) : overAudience(config.audience, turn);
  },
});

function overAudience(audience: string, turn: Turn): Outcome {
  const needs = turn.compiled(audience)?.needs ?? [];
  const effects = [{ type: 'expand' as const, stepId: turn.step.id, audience, needs }];
  return { ...expanding(`for everybody who matches: ${audience}`), effects, input: audience };
}

function overList(source: string, turn: Turn): Outcome {
  const answer = turn.ask(source);
  if (!answer.ok) return failed(`the list "${source}" cannot be answered: ${answer.error}`, source);
  if (!Array.isArray(answer.value)) return failed(`the list "${source}" is no list`, source);
  if (answer.value.length > MAX_ITEMS)
    return failed(
      `the list "${source}" has ${answer.value.length} items, more than ${MAX_ITEMS}; use an audience`,
      source,
    );
  if (answer.value.length === 0)
    return {
      outcome: 'passed',
      go: 'over',
      reason: `the list is empty: ${source}`,
      input: source,
      output: 0,
    };
  const effects = [{ type: 'expand' as const, stepId: turn.step.id, items: keyed(answer.value) }];
  return {
    ...expanding(`for each of ${answer.value.length}`),
    effects,
    input: source,
    output: answer.value.length,
  };
}

function expanding(reason: string): Outcome {
  return { outcome: 'expanding', go: 'stay', status: 'expanding', reason };
}

// A key must be the same on replay and single in its list: the item's own id where it has one, its place otherwise.
function keyed(list: readonly unknown[]): Item[] {
  const seen = new Set<string>();
  return list.map((item, index) => {
    const own = ownKey(item);
    const key = own === null || seen.has(own) ? `#${index}` : own;
    seen.add(key);
    return { key, item };
  });
}

function ownKey(item: unknown): string | null {
  if (typeof item === 'string') return item;
  const { id, personId } = (item ?? {}) as { id?: unknown; personId?: unknown };
  const key = id ?? personId;
  return typeof key === 'string' ? key : null;
}
