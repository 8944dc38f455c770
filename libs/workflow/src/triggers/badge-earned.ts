import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({ badge_earned: z.string(), if: z.string().optional() });

/** badge_earned: somebody earned a badge, or any badge; every award starts a run. */
export const badgeEarned = triggerKind<z.infer<typeof schema>>({
  kind: 'badge_earned',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when somebody earns a badge; any stands for every badge.',
    details: 'Every award of the badge counts, also one of a later period. event.badge is its id.',
    example: 'on: { badge_earned: any }',
  },

  check(config, checking, path) {
    if (config.badge_earned !== 'any')
      checkKnown(checking, 'badges', [...path, 'badge_earned'], config.badge_earned);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
  },

  eventTypes: () => ['badge.earned'],

  weigh(config, event, definition) {
    const badge = text(event.data['badge']);
    if (config.badge_earned !== 'any' && badge !== config.badge_earned)
      return { starts: false, reason: `is about the badge ${badge}` };
    return weighWith({ if: config.if }, event, definition, null);
  },
});
