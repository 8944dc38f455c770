import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { StopEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import { keyOf } from './key.js';
import { failed } from './outcomes.js';
import { recipientOf } from './recipient.js';

const others = z.strictObject({
  workflow: z.string(),
  person: z.string().optional(),
  key: z.string().optional(),
  reason: z.string().optional(),
});
const schema = z.union([z.literal(true), z.string(), others], {
  error: 'write stop: true, a reason, or { workflow: …, person: … }',
});
type Others = z.infer<typeof others>;

/** stop: ends this run, or runs of other workflows. */
export const stop = stepKind<z.infer<typeof schema>>({
  kind: 'stop',
  keys: Object.keys(others.shape),
  schema,
  docs: {
    summary: 'Ends this run, or living runs of other workflows.',
    details:
      'stop: true, or stop: with a reason, ends the run here; inside for_each it ends that item only. With workflow it ends the living runs of another workflow, or of all, which have the key or are for the person given (the person of this run unless told), and this run goes on.',
    example: 'if: person.active == false\nstop: Has left the company',
    examples: ['stop: { workflow: invite-reminders, person: person.id, reason: Takes part already }'],
  },

  check(config, checking, { path, names }) {
    if (typeof config !== 'object') return;
    if (config.workflow !== 'all') checkKnown(checking, 'workflows', [...path, 'workflow'], config.workflow);
    if (config.person !== undefined && config.key !== undefined)
      report(checking, path, 'the stop has both a person and a key', 'keep one of them');
    for (const word of ['person', 'key'] as const) {
      const source = config[word];
      if (source !== undefined) checkCel(checking, [...path, word], source, 'workflow', { names });
    }
  },

  advance(config, turn) {
    if (typeof config === 'object') return stopOthers(config, turn);
    const reason = config === true ? `stopped by its step ${turn.step.id}` : config;
    return { outcome: 'stopped', go: 'stop', reason, input: config };
  },
});

function stopOthers(config: Others, turn: Turn): Outcome {
  const key = keyOf(config.key, turn);
  if (!key.ok) return failed(key.error, config);
  if (key.key !== null) return stopped(config, turn, { personId: null, key: key.key });
  const whose = recipientOf(config.person, turn);
  return whose.ok ? stopped(config, turn, { personId: whose.to, key: null }) : whose.outcome;
}

function stopped(config: Others, { run, step }: Turn, whose: Pick<StopEffect, 'personId' | 'key'>): Outcome {
  const effect: StopEffect = {
    type: 'stop',
    ...intentOf(run, step.id, whose.personId),
    workflow: config.workflow,
    ...whose,
    exceptRootId: run.rootId,
    reason: config.reason ?? `stopped by the workflow ${run.workflowId}`,
  };
  const reason = `stops ${config.workflow} of ${whose.personId ?? whose.key}`;
  return { outcome: 'stopped', reason, effects: [effect], input: config };
}
