import { z } from 'zod';
import { checkCel, checkKnown, report } from '../checking.js';
import type { AwardEffect } from '../effects.js';
import { intentKey } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Turn } from '../kinds.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  badge: z.string().optional(),
  points: z
    .union([z.int().positive(), z.string()], {
      error: 'give a whole number from 1, or an expression in quotes',
    })
    .optional(),
  to: z.string().optional(),
  reason: z.string().optional(),
});
type AwardConfig = z.infer<typeof schema>;

/** award: a badge, or points with their reason, to one person. */
export const award = stepKind<AwardConfig>({
  kind: 'award',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Gives a badge or points to the person of the run, or to somebody named.',
    example: 'award: { badge: weekly-winner, to: winner.personId }',
  },

  check(config, checking, { path, names }) {
    if ((config.badge === undefined) === (config.points === undefined))
      report(checking, path, 'an award is either a badge or points', 'give one of badge: and points:');
    if (config.badge !== undefined) checkKnown(checking, 'badges', [...path, 'badge'], config.badge);
    if (config.to !== undefined) checkCel(checking, [...path, 'to'], config.to, 'workflow', { names });
    if (typeof config.points === 'string')
      checkCel(checking, [...path, 'points'], config.points, 'workflow', { names, expects: 'number' });
  },

  advance(config, turn) {
    const recipient = recipientOf(config.to, turn);
    if (!recipient.ok) return recipient.outcome;
    const gift = giftOf(config, turn);
    if (typeof gift === 'string') return { outcome: 'failed', go: 'fail', reason: gift, input: config };
    const intent = {
      intentKey: intentKey(turn.run, turn.step.id, recipient.to, 1),
      stepId: turn.step.id,
      occurrence: 1,
      to: recipient.to,
    };
    const effect: AwardEffect = { type: 'award', ...intent, ...gift, reason: config.reason ?? null };
    return {
      outcome: 'awarded',
      reason: `${config.badge ?? `${gift.points} points`} to ${recipient.to}`,
      effects: [effect],
      input: config,
    };
  },
});

function giftOf(config: AwardConfig, turn: Turn): { badge?: string; points?: number } | string {
  if (config.badge !== undefined) return { badge: config.badge };
  if (typeof config.points === 'number') return { points: config.points };
  const answer = turn.ask(config.points ?? '0');
  if (!answer.ok) return `the points cannot be counted: ${answer.error}`;
  return Number.isSafeInteger(answer.value) && Number(answer.value) > 0
    ? { points: Number(answer.value) }
    : `the points "${config.points}" are ${String(answer.value)}, not a whole number from 1`;
}
