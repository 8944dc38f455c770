import { z } from 'zod';
import { triggerKind } from '../kinds.js';
import { starting, text } from './weigh.js';

const schema = z.strictObject({ manual: z.literal(true) });

/** manual: started by hand, over REST or in the console, as the event workflow.started. */
export const manual = triggerKind<z.infer<typeof schema>>({
  kind: 'manual',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when somebody starts it: by hand, over REST, or from another workflow.',
    details:
      'Who starts it gives values for the inputs in a form and may name the person it is for. Another workflow starts it with its step start, whose data stands in event.',
    example: 'on: { manual: true }',
  },
  check: () => undefined,
  eventTypes: () => ['workflow.started'],
  weigh(_config, event, definition) {
    const id = event.data['workflow'];
    return id === definition.id
      ? starting(text(event.data['key']), event)
      : { starts: false, reason: `is about the workflow ${String(id)}` };
  },
});
