import { z } from 'zod';
import { contentEvents, engagementEvents, envelopeSchema, events, notificationEvents } from '#libs/contracts';
import type { EventType, Namespace } from '#libs/contracts';

/** Which service tells which events. */
const told: Record<string, object> = {
  content: contentEvents,
  engagement: engagementEvents,
  notification: notificationEvents,
};

/** A consumer of this service and the event types it handles. */
export interface Heard {
  consumer: string;
  types: readonly EventType[];
}

/** The AsyncAPI 3.0 document of a service, made from the zod contracts that are also checked on the wire. */
export function asyncApi(service: string, heard: readonly Heard[], namespace: Namespace): object {
  const sends = Object.keys(told[service] ?? {}) as EventType[];
  const all = [...new Set([...sends, ...heard.flatMap(({ types }) => types)])].sort();
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Laurel ${service} service`,
      version: '1',
      description: 'CloudEvents 1.0 over NATS JetStream.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(all.map((type) => [type, channel(type, namespace)])),
    operations: Object.fromEntries([
      ...sends.map((type) => [`tell ${type}`, { action: 'send', channel: ref(type) }]),
      ...heard.flatMap(({ consumer, types }) =>
        types.map((type) => [`${consumer} hears ${type}`, { action: 'receive', channel: ref(type) }]),
      ),
    ]),
  };
}

const ref = (type: string): object => ({ $ref: `#/channels/${type}` });

function channel(type: EventType, namespace: Namespace): object {
  const payload = z.toJSONSchema(
    envelopeSchema.extend({ type: z.literal(type), data: events[type] as z.ZodType }),
    { io: 'input' },
  );
  return { address: namespace.event(type), messages: { [type]: { name: type, payload } } };
}
