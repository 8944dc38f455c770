import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { RevokeEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Outcome, Turn } from '../kinds.js';
import { entriesFrom, heldBy } from './entries.js';
import { failed, skipped } from './outcomes.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  badge: z.string().optional(),
  from: z.string().optional(),
  entries: z.string().optional(),
  held: z.string().optional(),
  claim: z.string().optional(),
  hold: z.string().optional(),
  reason: z.string().optional(),
});
type RevokeConfig = z.infer<typeof schema>;

/** revoke: takes back a badge, points of the ledger, points that a hold has set aside, or declines a claimed reward. */
export const revoke = stepKind<RevokeConfig>({
  kind: 'revoke',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Takes back a badge or points, or declines a reward, with a reason.',
    details:
      'badge takes a badge from the person of the run or from whom from names. entries takes back points by their entries in the ledger: an id, or a list of ids. held makes final what an earlier hold step has set aside. claim declines a reward somebody has claimed, by the id of the claim, and gives its price back. hold takes points away for good that are held, by the id of the hold, whoever held them. Nothing is erased: the ledger gets an entry against the first, with the reason, which the person can read.',
    example: 'revoke: { badge: weekly-winner, reason: The shares turned out to be duplicates }',
    examples: ['revoke: { entries: event.entryIds, reason: The post was deleted within a day }'],
  },

  check(config, checking, { path, names }) {
    const ways = [config.badge, config.entries, config.held, config.claim, config.hold].filter(
      (each) => each !== undefined,
    );
    if (ways.length !== 1)
      report(
        checking,
        path,
        'a revoke is of a badge, of entries, of a hold or of a claim',
        'give one of badge:, entries:, held:, claim: and hold:',
      );
    if (config.from !== undefined && config.badge === undefined)
      report(
        checking,
        [...path, 'from'],
        'from belongs to badge',
        'take it away; entries know their person',
        true,
      );
    if (config.badge !== undefined) checkKnown(checking, 'badges', [...path, 'badge'], config.badge);
    if (config.from !== undefined) checkCel(checking, [...path, 'from'], config.from, 'workflow', { names });
    for (const word of ['claim', 'hold', 'entries'] as const) {
      const source = config[word];
      if (source !== undefined) checkCel(checking, [...path, word], source, 'workflow', { names });
    }
  },

  mentions: ({ held }) => (held === undefined ? [] : [{ path: ['held'], id: held, as: 'hold' }]),

  advance(config, turn) {
    if (config.badge !== undefined) return ofBadge(config, config.badge, turn);
    if (config.claim !== undefined) return settled(config, 'claim', config.claim, turn);
    if (config.hold !== undefined) return settled(config, 'hold', config.hold, turn);
    return config.held === undefined ? ofEntries(config, turn) : ofHeld(config, config.held, turn);
  },
});

function ofBadge(config: RevokeConfig, badge: string, turn: Turn): Outcome {
  const recipient = recipientOf(config.from, turn);
  if (!recipient.ok) return recipient.outcome;
  return revoked(config, turn, recipient.to, { badge, to: recipient.to }, `${badge} from ${recipient.to}`);
}

function ofEntries(config: RevokeConfig, turn: Turn): Outcome {
  const entries = entriesFrom(config.entries ?? '[]', turn);
  if (!entries.ok) return failed(entries.error, config);
  if (entries.ids.length === 0) return skipped('there are no entries to take back', config);
  return revoked(config, turn, null, { entries: entries.ids }, `${entries.ids.length} ledger entries`);
}

function ofHeld(config: RevokeConfig, stepId: string, turn: Turn): Outcome {
  const held = heldBy(stepId, turn);
  if (held === null) return skipped(`${stepId} has set nothing aside`, config);
  return revoked(config, turn, null, { held }, `what ${stepId} has set aside`);
}

function settled(config: RevokeConfig, word: 'claim' | 'hold', source: string, turn: Turn): Outcome {
  const answer = turn.ask(source);
  if (!answer.ok) return failed(`the ${word} "${source}" cannot be answered: ${answer.error}`, config);
  if (typeof answer.value !== 'string') return failed(`the ${word} "${source}" is no id`, config);
  const what = word === 'claim' ? 'the reward of claim' : 'the points of hold';
  return revoked(config, turn, null, { [word]: answer.value }, `${what} ${answer.value}`);
}

function revoked(
  config: RevokeConfig,
  { run, step }: Turn,
  recipient: string | null,
  what: Pick<RevokeEffect, 'badge' | 'to' | 'entries' | 'held' | 'claim' | 'hold'>,
  reason: string,
): Outcome {
  const effect: RevokeEffect = {
    type: 'revoke',
    ...intentOf(run, step.id, recipient),
    ...what,
    reason: config.reason ?? null,
  };
  return { outcome: 'revoked', reason, effects: [effect], input: config };
}
