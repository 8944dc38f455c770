import { z } from 'zod';
import { checkCel, checkDuration, checkKnown, report } from '../checking.js';
import type { Definition } from '../definition.js';
import { stepKind } from '../kinds.js';
import type { Listen, Outcome, Turn, Waiting } from '../kinds.js';
import { awaitsOf, holds, isMeant } from '../listening.js';
import { timeoutOf } from '../reckoning.js';
import { isoMoment, keptEvent } from '../world.js';
import { failed } from './outcomes.js';

const schema = z.strictObject({
  event: z.string().optional(),
  if: z.string().optional(),
  key: z.string().optional(),
  window: z.string(),
  max: z.int().positive().max(1000).optional(),
});
type CollectConfig = z.infer<typeof schema>;

const MAX_ITEMS = 1_000;
/** Characters of JSON. */
const MAX_KEPT = 256 * 1024;

/** collect: gathers events for a while and hands their list to the next step. */
export const collect = stepKind<CollectConfig>({
  kind: 'collect',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Gathers what happens for a while, for one mail about all of it.',
    details:
      'Unless told otherwise it gathers the events that start this workflow, by the same key, and the one that started the run is the first of the list. The list stands in vars under the id of the step; every item is the event with its type and occurredAt. It ends when the window is over, which counts on the calendar like a wait (so a window of 1d with at: "09:00" ends at nine), or when max events have come, at the latest with 1,000, or when the run carries 256 kB.',
    example: 'collect: { event: share.created, window: 1d, max: 20 }',
    examples: ['collect: { event: share.created, if: "event.platform != run.event.platform", window: 4h }'],
  },
  shorthand: (value) => (typeof value === 'string' ? { window: value } : value),

  check(config, checking, { path, names }) {
    if (config.event !== undefined) checkKnown(checking, 'events', [...path, 'event'], config.event);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'workflow', { names, expects: 'bool' });
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'trigger');
    if (config.key !== undefined && config.event === undefined)
      report(
        checking,
        [...path, 'key'],
        'key without event',
        'add event:, or let the key of the trigger serve',
        true,
      );
    checkDuration(checking, [...path, 'window'], config.window);
  },

  gives: (_config, stepId) => [stepId],
  listens: listensOf,
  waiting: standing,

  advance(config, turn) {
    const listens = listensOf(config, turn.definition);
    if (listens.length === 0) return failed('there is no event to collect', config);
    const waiting = standing(config, turn);
    if (waiting.awaits === null) return failed('it collects by key, and this run has none', config);
    const items = beginning(config, listens, turn);
    if (items.length >= limitOf(config)) return full(items, turn);
    return {
      outcome: 'waiting',
      go: 'stay',
      ...waiting,
      reason: `collects ${listens.map((l) => l.event).join(', ')} for ${config.window}`,
      vars: { [turn.step.id]: items },
      input: config,
    };
  },

  timeUp(config, turn) {
    const items = itemsOf(turn);
    return {
      outcome: 'passed',
      reason: `${config.window} are over with ${items.length} collected`,
      vars: { [turn.step.id]: items },
      output: items.length,
    };
  },

  heard(config, turn, event) {
    if (!isMeant(listensOf(config, turn.definition), turn, event) || !holds(config.if, turn)) return null;
    const items = [...itemsOf(turn), keptEvent(event)];
    if (items.length >= limitOf(config) || isLarge(items, turn)) return full(items, turn);
    const { dueAt, awaits = null } = turn.run;
    const vars = { [turn.step.id]: items };
    return {
      outcome: 'heard',
      go: 'stay',
      dueAt,
      awaits,
      vars,
      reason: `${items.length} collected`,
      quiet: true,
    };
  },
});

function full(items: unknown[], { step }: Turn): Outcome {
  const reason = `${items.length} are collected`;
  return { outcome: 'passed', reason, vars: { [step.id]: items }, output: items.length };
}

/** What a run carries along is stored and read at each of its turns. */
const isLarge = (items: unknown[], { run, step }: Turn): boolean =>
  JSON.stringify({ ...run.vars, [step.id]: items }).length > MAX_KEPT;

const limitOf = ({ max }: CollectConfig): number => max ?? MAX_ITEMS;

function itemsOf({ run, step }: Turn): unknown[] {
  const items = run.vars[step.id];
  return Array.isArray(items) ? items : [];
}

function listensOf(config: CollectConfig, definition: Definition): Listen[] {
  if (config.event !== undefined)
    return [
      config.key === undefined
        ? { event: config.event, by: 'person' }
        : { event: config.event, by: 'key', key: config.key },
    ];
  return ownEvents(definition);
}

// The triggers' keys serve when all have one; runs of an audience have keys of their own, so there the person counts.
function ownEvents({ on, audience }: Definition): Listen[] {
  const configs = on
    .filter((t) => t.kind === 'event')
    .map((t) => t.config as { event: string; key?: string });
  const keyed = audience === null && configs.every(({ key }) => key !== undefined);
  return configs.map(({ event, key }) =>
    keyed && key !== undefined ? { event, by: 'key', key } : { event, by: 'person' },
  );
}

function standing(config: CollectConfig, turn: Turn): Waiting {
  const awaits = awaitsOf(listensOf(config, turn.definition), turn);
  return { dueAt: timeoutOf(config.window, turn), awaits };
}

// What started the run is the first of its kind.
function beginning(config: CollectConfig, listens: readonly Listen[], turn: Turn): unknown[] {
  const { event, startedAt } = turn.run;
  const own = event !== null && listens.some((l) => l.event === event['type']) && holds(config.if, turn);
  return own ? [{ ...event, occurredAt: isoMoment(startedAt ?? turn.now) }] : [];
}
