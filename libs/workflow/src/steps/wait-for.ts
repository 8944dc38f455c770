import { z } from 'zod';
import { checkCel, checkDuration, checkKnown, report } from '../checking.js';
import { stepKind } from '../kinds.js';
import type { Listen, Turn, Waiting } from '../kinds.js';
import { awaitsOf, holds, isMeant } from '../listening.js';
import { timeoutOf } from '../reckoning.js';
import { keptEvent } from '../world.js';
import { failed, way, wayMentions } from './outcomes.js';

const schema = z.strictObject({
  event: z.string(),
  if: z.string().optional(),
  key: z.string().optional(),
  person: z.enum(['own', 'any']).optional(),
  timeout: z.string().optional(),
  on_timeout: z.string().optional(),
});
type WaitForConfig = z.infer<typeof schema>;

/** wait_for: until an event arrives, or its timeout is over. */
export const waitFor = stepKind<WaitForConfig>({
  kind: 'wait_for',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Waits until something happens, or until a length of time is over.',
    details:
      "Without key the event must be about the person of the run (person: any takes everybody's); with key it must have the key of the run, as in stop_when. In if:, event is what has arrived and run.event is what started the run. What arrived stands in vars under the id of the step. When the timeout, counted on the calendar like a wait, is over first, vars holds null there and the run continues, stops, or goes to the step that on_timeout names, which must stand further down.",
    example:
      'wait_for: { event: share.created, if: "event.platform == run.event.platform", timeout: 3d, on_timeout: stop }',
    examples: ['wait_for: { event: invitation.accepted, person: any }'],
  },
  shorthand: (value) => (typeof value === 'string' ? { event: value } : value),

  check(config, checking, { path, names }) {
    checkKnown(checking, 'events', [...path, 'event'], config.event);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'workflow', { names, expects: 'bool' });
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'trigger');
    if (config.key !== undefined && config.person !== undefined)
      report(
        checking,
        [...path, 'person'],
        'with a key the person does not count',
        'take person: away',
        true,
      );
    if (config.timeout !== undefined) checkDuration(checking, [...path, 'timeout'], config.timeout);
    if (config.timeout === undefined && config.on_timeout !== undefined)
      report(checking, [...path, 'on_timeout'], 'on_timeout without timeout', 'add timeout: 3d', true);
  },

  mentions: (config) => wayMentions('on_timeout', config.on_timeout),
  gives: (_config, stepId) => [stepId],
  listens: (config) => [listenOf(config)],
  waiting: standing,

  advance(config, turn) {
    const waiting = standing(config, turn);
    if (waiting.awaits === null)
      return failed(`waits for ${config.event} by key, and this run has none`, config);
    return { outcome: 'waiting', go: 'stay', ...waiting, reason: `waits for ${config.event}`, input: config };
  },

  timeUp: (config, { step }) => ({
    outcome: 'timed_out',
    reason: `${config.event} has not come within ${config.timeout}`,
    vars: { [step.id]: null },
    ...way(config.on_timeout),
  }),

  heard(config, turn, event) {
    const { run, step } = turn;
    // What came late, after the end of the wait, or is a story older than the run, is not what was waited for.
    const timely = event.occurredAt >= (run.startedAt ?? 0) && event.occurredAt <= (run.dueAt ?? Infinity);
    if (!timely || !isMeant([listenOf(config)], turn, event) || !holds(config.if, turn)) return null;
    const kept = keptEvent(event);
    return { outcome: 'heard', reason: `${event.type} has come`, vars: { [step.id]: kept }, output: kept };
  },
});

function listenOf({ event, key, person }: WaitForConfig): Listen {
  if (key !== undefined) return { event, by: 'key', key };
  return { event, by: person === 'any' ? 'anybody' : 'person' };
}

function standing(config: WaitForConfig, turn: Turn): Waiting {
  return { dueAt: timeoutOf(config.timeout, turn), awaits: awaitsOf([listenOf(config)], turn) };
}
