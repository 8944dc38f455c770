import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';
import { triggerKind } from '../kinds.js';
import type { Weighed } from '../kinds.js';
import type { Path } from '../problem.js';
import type { WorkflowEvent } from '../world.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({
  metric: z.string(),
  reaches: z.number().optional(),
  drops: z.number().gt(0).max(1).optional(),
  per: z.enum(['day', 'week', 'month', 'quarter', 'all_time']),
  against: z.enum(['season', 'usual']).optional(),
  at_least: z.number().min(0).optional(),
  if: z.string().optional(),
});

/** The settings of a metric trigger. */
export type MetricConfig = z.infer<typeof schema>;

/** metric: somebody's metric reaches a value in a period, once per person and period; or the programme's drops, once per period. */
export const metric = triggerKind<MetricConfig>({
  kind: 'metric',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when a person reaches a number in a period, or when the whole programme falls behind.',
    details:
      'With reaches the run is for the person who has reached the number, once in each period. With drops it is for nobody in particular: the metric of the whole programme in the week or month that has ended is smaller by that share (0.3 is thirty per cent) than what was to be expected, against the same season of earlier years or against what is usual lately. at_least keeps small numbers, which jump about anyway, from counting as a drop: the expected value must be that large.',
    example: 'on: { metric: credible_clicks, reaches: 100, per: month }',
    examples: ['on: { metric: shares, drops: 0.3, per: week, against: season, at_least: 20 }'],
  },

  check(config, checking, path) {
    checkKnown(checking, 'metrics', [...path, 'metric'], config.metric);
    if ((config.reaches === undefined) === (config.drops === undefined))
      report(
        checking,
        path,
        'a metric either reaches a number or drops by a share',
        'give one of reaches: and drops:',
      );
    if (config.drops === undefined) refuse(config, ['against', 'at_least'], checking, path);
    else if (config.per !== 'week' && config.per !== 'month')
      report(checking, [...path, 'per'], `a drop is not told per ${config.per}`, 'use week or month');
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
  },

  eventTypes: ({ drops }) => [drops === undefined ? 'metric.reached' : 'metric.dropped'],
  weigh: (config, event, definition) =>
    config.drops === undefined
      ? weighReached(config, event, definition)
      : weighDropped(config, config.drops, event, definition),
});

function refuse(
  config: MetricConfig,
  words: ('against' | 'at_least')[],
  checking: Checking,
  path: Path,
): void {
  for (const word of words.filter((each) => config[each] !== undefined))
    report(checking, [...path, word], `${word} belongs to drops`, 'take it away or add drops: 0.3', true);
}

function weighReached(config: MetricConfig, event: WorkflowEvent, definition: Definition): Weighed {
  const { metric: name, per, threshold, personId, periodKey } = event.data;
  if (name !== config.metric || per !== config.per || threshold !== config.reaches)
    return { starts: false, reason: `is about ${String(name)}, ${String(threshold)} per ${String(per)}` };
  return weighWith({ if: config.if }, event, definition, `${text(personId)}:${text(periodKey)}`);
}

// Whoever counts tells the drop; workflows with different thresholds hear the same event.
function weighDropped(
  config: MetricConfig,
  drops: number,
  event: WorkflowEvent,
  definition: Definition,
): Weighed {
  const { metric: name, per, against, drop, expected, periodKey } = event.data;
  if (name !== config.metric || per !== config.per || (against ?? 'season') !== (config.against ?? 'season'))
    return { starts: false, reason: `is about ${String(name)} per ${String(per)}` };
  if (Number(drop) < drops) return { starts: false, reason: `has dropped by ${String(drop)} only` };
  if (Number(expected) < (config.at_least ?? 0))
    return { starts: false, reason: `only ${String(expected)} were expected` };
  return weighWith({ if: config.if }, event, definition, text(periodKey));
}
