import { z } from 'zod';
import type { Evaluated } from '#libs/expression';
import { checkCel, checkKnown } from '../checking.js';
import type { Checking } from '../checking.js';
import { intentKey } from '../effects.js';
import { stepKind } from '../kinds.js';
import type { Site, Turn } from '../kinds.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  template: z.string(),
  to: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
type SendConfig = z.infer<typeof schema>;

/** send: one mail of a template to one person; texts in `data` are expressions, everything else is taken as it stands. */
export const send = stepKind<SendConfig>({
  kind: 'send',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Sends a template to the person of the run, or to somebody named.',
    example: 'send: { template: invite-escalation, to: person.lead }',
  },

  check(config, checking, site) {
    checkKnown(checking, 'templates', [...site.path, 'template'], config.template);
    if (config.to !== undefined)
      checkCel(checking, [...site.path, 'to'], config.to, 'workflow', { names: site.names });
    checkData(config.data ?? {}, checking, { ...site, path: [...site.path, 'data'] });
  },

  advance(config, turn) {
    const recipient = recipientOf(config.to, turn);
    if (!recipient.ok) return recipient.outcome;
    const data = answered(config.data ?? {}, turn);
    if (!data.ok)
      return {
        outcome: 'failed',
        go: 'fail',
        reason: `the data of ${config.template} cannot be made: ${data.error}`,
        input: config,
      };
    const intent = {
      intentKey: intentKey(turn.run, turn.step.id, recipient.to, 1),
      stepId: turn.step.id,
      occurrence: 1,
      to: recipient.to,
    };
    const effect = {
      type: 'send' as const,
      ...intent,
      template: config.template,
      data: data.value as Record<string, unknown>,
    };
    return {
      outcome: 'sent',
      reason: `${config.template} to ${recipient.to}`,
      effects: [effect],
      input: config,
    };
  },
});

function checkData(value: unknown, checking: Checking, site: Site): void {
  if (typeof value === 'string')
    return checkCel(checking, site.path, value, 'workflow', { names: site.names });
  for (const [key, part] of entriesOf(value))
    checkData(part, checking, { ...site, path: [...site.path, key] });
}

function answered(value: unknown, turn: Turn): Evaluated {
  if (typeof value === 'string') return turn.ask(value);
  if (value === null || typeof value !== 'object') return { ok: true, value };
  const parts: [string | number, unknown][] = [];
  for (const [key, part] of entriesOf(value)) {
    const answer = answered(part, turn);
    if (!answer.ok) return { ok: false, error: `${key}: ${answer.error}` };
    parts.push([key, answer.value]);
  }
  return {
    ok: true,
    value: Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts),
  };
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((part, index) => [index, part]);
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}
