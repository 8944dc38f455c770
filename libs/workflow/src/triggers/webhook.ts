import { z } from 'zod';
import { checkCel, report } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({
  webhook: z.string(),
  if: z.string().optional(),
  key: z.string().optional(),
});

/** webhook: another system calls in, signed by Standard Webhooks; `event` holds what it sent. */
export const webhook = triggerKind<z.infer<typeof schema>>({
  kind: 'webhook',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when another system calls in.',
    details:
      "The other system sends its JSON to /engagement/hooks/ and this name, signed by Standard Webhooks with the secret of the hook (GET /engagement/hooks shows it to admins) and not more than five minutes ago by the clock of the programme. The same webhook-id counts once. What it sent stands in event; a personId in it makes the run that person's. Without key every call starts a run.",
    example: 'on: { webhook: hr-system, if: event.kind == "joined", key: event.employee }',
  },

  check(config, checking, path) {
    if (!/^[a-z][a-z0-9-]*$/.test(config.webhook))
      report(
        checking,
        [...path, 'webhook'],
        `"${config.webhook}" cannot name a webhook`,
        'use small letters, digits and hyphens, starting with a letter',
      );
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
    if (config.key !== undefined) checkCel(checking, [...path, 'key'], config.key, 'trigger');
  },

  eventTypes: () => ['webhook.received'],

  weigh(config, event, definition) {
    const name = text(event.data['name']);
    if (name !== config.webhook) return { starts: false, reason: `is about the webhook ${name}` };
    return weighWith(config, event, definition, null);
  },
});
