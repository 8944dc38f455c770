import { z } from 'zod';
import { checkCel } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';
import { triggerKind } from '../kinds.js';
import type { Weighed } from '../kinds.js';
import type { Path } from '../problem.js';
import type { WorkflowEvent } from '../world.js';
import { text, weighWith } from './weigh.js';

const entering = z.strictObject({ enters: z.string(), if: z.string().optional() });
const leaving = z.strictObject({ leaves: z.string(), if: z.string().optional() });

/** enters: somebody begins to match a condition. */
export const enters = triggerKind<z.infer<typeof entering>>({
  kind: 'enters',
  keys: Object.keys(entering.shape),
  schema: entering,
  docs: {
    summary: 'Starts when a person begins to match a condition.',
    details:
      'The condition is asked of a person whenever their data or metrics change, and of everybody at five past every hour, because windows such as last_30_days move with the date; the run starts for a person when it holds and did not hold before. People who match already when the workflow is published do not count as having entered. While a run for the person is alive nothing starts again.',
    example: "on: { enters: \"person.active && person.metric('shares', 'last_30_days') >= 10\" }",
  },
  check: (config, checking, path) => checkAudience(config.enters, 'enters', config.if, checking, path),
  eventTypes: () => ['audience.entered'],
  weigh: (config, event, definition) => weighAudience(config, event, definition),
});

/** leaves: somebody no longer matches a condition. */
export const leaves = triggerKind<z.infer<typeof leaving>>({
  kind: 'leaves',
  keys: Object.keys(leaving.shape),
  schema: leaving,
  docs: {
    summary: 'Starts when a person no longer matches a condition.',
    details:
      'Asked as often as enters. The run starts for a person when the condition held before and does not hold any more, for example when somebody has shared nothing for thirty days.',
    example: "on: { leaves: \"person.metric('shares', 'last_30_days') > 0\" }",
  },
  check: (config, checking, path) => checkAudience(config.leaves, 'leaves', config.if, checking, path),
  eventTypes: () => ['audience.left'],
  weigh: (config, event, definition) => weighAudience(config, event, definition),
});

function checkAudience(
  audience: string,
  word: string,
  condition: string | undefined,
  checking: Checking,
  path: Path,
): void {
  checkCel(checking, [...path, word], audience, 'audience', { expects: 'bool' });
  if (condition !== undefined) checkCel(checking, [...path, 'if'], condition, 'trigger', { expects: 'bool' });
}

// The event tells of one trigger of one workflow, by its place in `on`.
function weighAudience(
  config: { if?: string | undefined },
  event: WorkflowEvent,
  definition: Definition,
): Weighed {
  const { workflow, trigger, personId } = event.data;
  if (workflow !== definition.id || definition.on[Number(trigger)]?.config !== config)
    return { starts: false, reason: `is about the workflow ${String(workflow)}, trigger ${String(trigger)}` };
  return weighWith(config, event, definition, text(personId));
}
