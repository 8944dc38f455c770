import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import type { StartEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import { answered, checkData } from './data.js';
import { nextDepth } from './depth.js';
import { keyOf } from './key.js';
import { failed } from './outcomes.js';
import { subjectOf } from './recipient.js';

const schema = z.strictObject({
  workflow: z.string(),
  person: z.string().optional(),
  key: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

/** start: starts another workflow and goes on without waiting for it. */
export const start = stepKind<z.infer<typeof schema>>({
  kind: 'start',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts another workflow for the same person or another.',
    details:
      'The other workflow must have the trigger manual: true. It sees the event workflow.started with the data given here and startedBy: { workflow, runId }. With key, nothing happens while a run of it with that key is alive. This run goes on at once. Workflows may start one another five deep.',
    example: 'start: { workflow: onboarding, data: { source: "event.type" } }',
    examples: ['start: { workflow: lead-briefing, person: person.lead, key: person.lead }'],
  },

  check(config, checking, site) {
    const { path, names } = site;
    checkKnown(checking, 'workflows', [...path, 'workflow'], config.workflow);
    for (const word of ['person', 'key'] as const) {
      const source = config[word];
      if (source !== undefined) checkCel(checking, [...path, word], source, 'workflow', { names });
    }
    checkData(config.data ?? {}, checking, { ...site, path: [...path, 'data'] });
  },

  advance(config, turn) {
    const { run, step } = turn;
    const subject = subjectOf(config.person, turn);
    if (!subject.ok) return subject.outcome;
    const key = keyOf(config.key, turn);
    if (!key.ok) return failed(key.error, config);
    const data = answered(config.data ?? {}, turn);
    if (!data.ok) return failed(`the data of ${config.workflow} cannot be made: ${data.error}`, config);
    const depth = nextDepth(run);
    if (!depth.ok) return failed(depth.error, config);
    const given = { workflow: config.workflow, personId: subject.to, key: key.key, depth: depth.depth };
    const startedBy = { workflow: run.workflowId, runId: run.id };
    const effect: StartEffect = {
      type: 'start',
      ...intentOf(run, step.id, subject.to),
      workflow: config.workflow,
      personId: subject.to,
      key: key.key,
      event: { ...(data.value as Record<string, unknown>), ...given, startedBy },
    };
    return { outcome: 'started', reason: `starts ${config.workflow}`, effects: [effect], input: config };
  },
});
