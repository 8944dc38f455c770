import { z } from 'zod';

/** CloudEvents 1.0 in its JSON format; `traceparent` is the CloudEvents distributed-tracing extension (W3C Trace Context). */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().min(1),
  /** When the thing happened, on the programme's clock. */
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});

/** An event on the wire whose `data` has been checked for its envelope only. */
export type Envelope = z.infer<typeof envelopeSchema>;
