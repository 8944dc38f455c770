import { z } from 'zod';
import { triggerKind } from '../kinds.js';
import { starting } from './weigh.js';

const schema = z.strictObject({ manual: z.literal(true) });

/** manual: started by hand, over REST or in the console, as the event workflow.started. */
export const manual = triggerKind<z.infer<typeof schema>>({
  kind: 'manual',
  keys: Object.keys(schema.shape),
  schema,
  docs: { summary: 'Starts when an admin starts it.', example: 'on: { manual: true }' },
  check: () => undefined,
  eventTypes: () => ['workflow.started'],
  weigh(_config, event, definition) {
    const id = event.data['workflow'];
    return id === definition.id
      ? starting(null, event)
      : { starts: false, reason: `is about the workflow ${String(id)}` };
  },
});
