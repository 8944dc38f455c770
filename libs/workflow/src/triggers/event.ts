import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { weighWith } from './weigh.js';

const schema = z.strictObject({ event: z.string(), if: z.string().optional(), key: z.string().optional() });

/** event: an activity or domain event of a type; without a key every event starts a run. */
export const event = triggerKind<z.infer<typeof schema>>({
  kind: 'event',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when something happens.',
    example: 'on: { event: invitation.sent, key: event.invitationId }',
  },

  check(config, checking, path) {
    checkKnown(checking, 'events', [...path, 'event'], config.event);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'trigger');
  },

  eventTypes: (config) => [config.event],
  weigh: (config, happened, definition) => weighWith(config, happened, definition, null),
});
