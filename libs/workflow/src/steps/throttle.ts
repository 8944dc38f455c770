import { z } from 'zod';
import { checkCel, checkDuration } from '../checking.js';
import type { ThrottleEffect } from '../effects.js';
import { stepKind } from '../kinds.js';
import { lengthMs, momentWords } from '../reckoning.js';
import { failed } from './outcomes.js';

const schema = z.strictObject({
  limit: z.int().positive().max(10_000, { error: 'give at most 10,000' }),
  per: z.string(),
  key: z.string().optional(),
});

const NAMED: Readonly<Record<string, string>> = { minute: '1m', hour: '1h', day: '1d', week: '1w' };

/** throttle: lets no more than so many runs on to the action of its step in a length of time; the others wait their turn. */
export const throttle = stepKind<z.infer<typeof schema>>({
  kind: 'throttle',
  role: 'gate',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary:
      'Does the step for only so many in a length of time; the others wait for a later place, in order.',
    details:
      'Nobody is left out: who does not fit into this hour or day is served in the next. per is minute, hour, day, week or a length such as 30m. With key the limit counts for each value of its own, for example one mail a week for each team lead.',
    example: 'throttle: { limit: 50, per: hour }\nsend: { template: validation-personal }',
    examples: [
      'throttle: { limit: 1, per: week, key: person.lead }\nsend: { template: invite-escalation, to: person.lead }',
    ],
  },

  check(config, checking, { path, names }) {
    if (NAMED[config.per] === undefined) checkDuration(checking, [...path, 'per'], config.per);
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'workflow', { names });
  },

  advance(config, turn) {
    const answer = config.key === undefined ? { ok: true as const, value: '' } : turn.ask(config.key);
    if (!answer.ok) return failed(`the key "${config.key}" cannot be answered: ${answer.error}`, config);
    const effect: ThrottleEffect = {
      type: 'throttle',
      stepId: turn.step.id,
      key: typeof answer.value === 'string' ? answer.value : JSON.stringify(answer.value),
      limit: config.limit,
      perMs: lengthMs(NAMED[config.per] ?? config.per),
    };
    const reason = `waits for a place: ${config.limit} per ${config.per}`;
    return { outcome: 'waiting', go: 'stay', dueAt: null, reason, effects: [effect], input: config };
  },

  timeUp: () => ({ outcome: 'passed', reason: 'its place has come' }),

  settled(_config, turn, result) {
    const { dueAt } = (result ?? {}) as { dueAt?: unknown };
    // A place once given stands; a second answer would only push it away.
    if (typeof dueAt !== 'number' || turn.run.dueAt !== null) return null;
    if (dueAt <= turn.now) return { outcome: 'passed', reason: 'there is a place at once' };
    const reason = `its place is at ${momentWords(dueAt, turn.world.programme.zone)}`;
    return { outcome: 'waiting', go: 'stay', dueAt, reason };
  },
});
