import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import type { SendEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import { calendarOf, calendarSchema } from './calendar.js';
import { answered, checkData } from './data.js';
import { failed } from './outcomes.js';
import { recipientOf } from './recipient.js';

const schema = z.strictObject({
  template: z.string(),
  to: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  calendar: calendarSchema.optional(),
});
type SendConfig = z.infer<typeof schema>;

/** send: one mail of a template to one person; texts in `data` are expressions, everything else is taken as it stands. */
export const send = stepKind<SendConfig>({
  kind: 'send',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Sends a template to the person of the run, or to somebody named.',
    details:
      'One mail to one person: the person of the run, or the one that to names. If there is nobody, say because somebody has no lead, the step is skipped and the timeline says so. Every text under data is an expression whose result the template can show. Whether and when a mail really leaves also depends on the consent and the quiet hours of the person. With calendar the mail carries an entry for the calendar: uid names what is invited to, so that a later mail with the same uid moves the entry, or, when cancelled gives true, takes it away; starts and ends give instants.',
    example: 'send: { template: invite-escalation, to: person.lead, data: { invitee: person.id } }',
    examples: [
      'send: { template: training-scheduled, calendar: { uid: event.trainingId, starts: event.startsAt, ends: event.endsAt, summary: event.title } }',
    ],
  },

  check(config, checking, site) {
    checkKnown(checking, 'templates', [...site.path, 'template'], config.template);
    if (config.to !== undefined)
      checkCel(checking, [...site.path, 'to'], config.to, 'workflow', { names: site.names });
    checkData(config.data ?? {}, checking, { ...site, path: [...site.path, 'data'] });
    checkData(config.calendar ?? {}, checking, { ...site, path: [...site.path, 'calendar'] });
  },

  advance(config, turn) {
    const recipient = recipientOf(config.to, turn);
    if (!recipient.ok) return recipient.outcome;
    const data = answered(config.data ?? {}, turn);
    if (!data.ok) return failed(`the data of ${config.template} cannot be made: ${data.error}`, config);
    const calendar = calendarOf(config.calendar, turn);
    if (typeof calendar === 'string') return failed(calendar, config);
    const effect: SendEffect = {
      type: 'send',
      ...intentOf(turn.run, turn.step.id, recipient.to),
      to: recipient.to,
      template: config.template,
      data: data.value as Record<string, unknown>,
      ...(calendar && { calendar }),
    };
    return {
      outcome: 'sent',
      reason: `${config.template} to ${recipient.to}`,
      effects: [effect],
      input: config,
    };
  },
});
