import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { weighWith } from './weigh.js';

const schema = z.strictObject({
  event: z.string(),
  if: z.string().optional(),
  key: z.string().optional(),
  person: z.string().optional(),
});

/** event: an activity or domain event of a type; without a key every event starts a run. */
export const event = triggerKind<z.infer<typeof schema>>({
  kind: 'event',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when something happens.',
    details:
      'An activity such as share.created, or something the suite itself tells, such as invitation.sent. With key there is one run for each value: while it is alive, a second event of the same key starts nothing, unless again says restart or queue. Without key every event starts a run. The run is for the person the event is about, or for whom person names by id (null for nobody). if, key and person look at the event and the inputs only.',
    example: 'on: { event: invitation.sent, key: event.invitationId }',
    examples: ['on: { event: thanks.given, key: event.toPersonId, person: event.toPersonId }'],
  },

  check(config, checking, path) {
    checkKnown(checking, 'events', [...path, 'event'], config.event);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'trigger');
    if (config.person !== undefined) checkCel(checking, [...path, 'person'], config.person, 'trigger');
  },

  eventTypes: (config) => [config.event],
  weigh: (config, happened, definition) => weighWith(config, happened, definition, null),
});
