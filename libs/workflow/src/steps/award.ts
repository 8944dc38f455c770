import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { AwardEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Turn } from '../kinds.js';
import { failed } from './outcomes.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  badge: z.string().optional(),
  points: z
    .union([z.int().positive(), z.string()], {
      error: 'give a whole number from 1, or an expression in quotes',
    })
    .optional(),
  claim: z.string().optional(),
  hold: z.string().optional(),
  to: z.string().optional(),
  reason: z.string().optional(),
});
type AwardConfig = z.infer<typeof schema>;

/** award: a badge, points with their reason, a reward that was claimed, or points that are held. */
export const award = stepKind<AwardConfig>({
  kind: 'award',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary:
      'Gives a badge, points, a claimed reward or held points to the person of the run, or to somebody named.',
    details:
      'One of badge, points (a whole number or an expression that gives one), claim, which approves a reward somebody has claimed, by the id of the claim, and hold, which gives points back that are held, by the id of the hold, whoever held them. The reason is what the person reads beside the points. What is given here is counted once, however often the step is looked at.',
    example: 'award: { badge: weekly-winner }',
    examples: [
      'award: { points: 25, to: person.lead, reason: A good month for the team }',
      'award: { claim: event.claimId }',
      'award: { hold: event.holdId, reason: Reviewed and found right }',
    ],
  },

  check(config, checking, { path, names }) {
    const gifts = [config.badge, config.points, config.claim, config.hold].filter(
      (each) => each !== undefined,
    );
    if (gifts.length !== 1)
      report(
        checking,
        path,
        'an award is of a badge, of points, of a claimed reward or of held points',
        'give one of badge:, points:, claim: and hold:',
      );
    for (const word of ['claim', 'hold'] as const) {
      const source = config[word];
      if (source !== undefined) checkCel(checking, [...path, word], source, 'workflow', { names });
    }
    if (config.badge !== undefined) checkKnown(checking, 'badges', [...path, 'badge'], config.badge);
    if (config.to !== undefined) checkCel(checking, [...path, 'to'], config.to, 'workflow', { names });
    if (typeof config.points === 'string')
      checkCel(checking, [...path, 'points'], config.points, 'workflow', { names, expects: 'number' });
  },

  advance(config, turn) {
    const recipient = recipientOf(config.to, turn);
    if (!recipient.ok) return recipient.outcome;
    const gift = giftOf(config, turn);
    if (typeof gift === 'string') return failed(gift, config);
    const effect: AwardEffect = {
      type: 'award',
      ...intentOf(turn.run, turn.step.id, recipient.to),
      to: recipient.to,
      ...gift,
      reason: config.reason ?? null,
    };
    return {
      outcome: 'awarded',
      reason: `${inWords(gift)} to ${recipient.to}`,
      effects: [effect],
      input: config,
    };
  },
});

type Gift = Pick<AwardEffect, 'badge' | 'points' | 'claim' | 'hold'>;

function inWords({ badge, points, claim, hold }: Gift): string {
  if (hold !== undefined) return `the points of hold ${hold}`;
  return badge ?? (claim === undefined ? `${points} points` : `the reward of claim ${claim}`);
}

function giftOf(config: AwardConfig, turn: Turn): Gift | string {
  if (config.badge !== undefined) return { badge: config.badge };
  if (config.claim !== undefined) return settled('claim', config.claim, turn);
  if (config.hold !== undefined) return settled('hold', config.hold, turn);
  if (typeof config.points === 'number') return { points: config.points };
  const answer = turn.ask(config.points ?? '0');
  if (!answer.ok) return `the points cannot be counted: ${answer.error}`;
  return Number.isSafeInteger(answer.value) && Number(answer.value) > 0
    ? { points: Number(answer.value) }
    : `the points "${config.points}" are ${String(answer.value)}, not a whole number from 1`;
}

function settled(word: 'claim' | 'hold', source: string, turn: Turn): Gift | string {
  const answer = turn.ask(source);
  if (answer.ok && typeof answer.value === 'string') return { [word]: answer.value };
  return `the ${word} "${source}" ${answer.ok ? 'is no id' : `cannot be answered: ${answer.error}`}`;
}
