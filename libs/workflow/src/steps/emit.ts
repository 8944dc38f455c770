import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import type { EmitEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import { answered, checkData } from './data.js';
import { nextDepth } from './depth.js';
import { failed } from './outcomes.js';
import { subjectOf } from './recipient.js';

const schema = z.strictObject({
  event: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
  person: z.string().optional(),
});

/** emit: records an activity, which rules and other workflows hear. */
export const emit = stepKind<z.infer<typeof schema>>({
  kind: 'emit',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Records an activity of a type of the programme.',
    details:
      'The activity belongs to the person of the run, or to whom person names. Point rules count it and workflows may start on it, as if it had come from outside. Every text under data is an expression.',
    example: 'emit: { event: challenge.completed, data: { challenge: "\'spring\'" } }',
    examples: ['emit: { event: team.praised, person: person.lead }'],
  },

  check(config, checking, site) {
    checkKnown(checking, 'events', [...site.path, 'event'], config.event);
    if (config.person !== undefined)
      checkCel(checking, [...site.path, 'person'], config.person, 'workflow', { names: site.names });
    checkData(config.data ?? {}, checking, { ...site, path: [...site.path, 'data'] });
  },

  advance(config, turn) {
    const { run, step } = turn;
    const subject = subjectOf(config.person, turn);
    if (!subject.ok) return subject.outcome;
    const data = answered(config.data ?? {}, turn);
    if (!data.ok) return failed(`the data of ${config.event} cannot be made: ${data.error}`, config);
    const depth = nextDepth(run);
    if (!depth.ok) return failed(depth.error, config);
    const effect: EmitEffect = {
      type: 'emit',
      ...intentOf(run, step.id, subject.to),
      event: config.event,
      personId: subject.to,
      data: data.value as Record<string, unknown>,
      depth: depth.depth,
    };
    return { outcome: 'emitted', reason: config.event, effects: [effect], input: config };
  },
});
