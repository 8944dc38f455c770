import { z } from 'zod';
import { checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({
  metric: z.string(),
  reaches: z.number(),
  per: z.enum(['day', 'week', 'month', 'quarter', 'all_time']),
  if: z.string().optional(),
});

/** The settings of a metric trigger. */
export type MetricConfig = z.infer<typeof schema>;

/** metric: somebody's metric reaches a value in a period; once per person and period. */
export const metric = triggerKind<MetricConfig>({
  kind: 'metric',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when a person reaches a number in a period.',
    example: 'on: { metric: credible_clicks, reaches: 100, per: month }',
  },

  check(config, checking, path) {
    checkKnown(checking, 'metrics', [...path, 'metric'], config.metric);
  },

  eventTypes: () => ['metric.reached'],

  weigh(config, event, definition) {
    const { metric: name, per, threshold } = event.data;
    if (name !== config.metric || per !== config.per || threshold !== config.reaches)
      return { starts: false, reason: `is about ${String(name)}, ${String(threshold)} per ${String(per)}` };
    return weighWith(
      { if: config.if },
      event,
      definition,
      `${text(event.data['personId'])}:${text(event.data['periodKey'])}`,
    );
  },
});
