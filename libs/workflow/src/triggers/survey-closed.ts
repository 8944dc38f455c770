import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({ survey_closed: z.string(), if: z.string().optional() });

/** survey_closed: a round of a survey is over; `event` holds how many answered and, if enough, the result. Once per round. */
export const surveyClosed = triggerKind<z.infer<typeof schema>>({
  kind: 'survey_closed',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when a round of a survey closes.',
    details:
      "event.n is how many have answered and event.published whether that is enough to tell the result. Nobody's own answer is in it.",
    example: 'on: { survey_closed: pulse, if: event.published }',
  },

  check(config, checking, path) {
    checkKnown(checking, 'surveys', [...path, 'survey_closed'], config.survey_closed);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
  },

  eventTypes: () => ['survey.closed'],

  weigh(config, event, definition) {
    const survey = text(event.data['survey']);
    if (survey !== config.survey_closed) return { starts: false, reason: `is about the survey ${survey}` };
    return weighWith({ if: config.if }, event, definition, `${survey}:${text(event.data['roundId'])}`);
  },
});
