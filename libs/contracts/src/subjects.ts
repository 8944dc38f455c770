import { z } from 'zod';
import { contentEvents } from './content.js';
import { engagementEvents } from './engagement.js';
import type { Envelope } from './envelope.js';
import { envelopeSchema } from './envelope.js';
import { notificationEvents } from './notification.js';

/** Every event type on the wire and the shape of its data. */
export const events = { ...contentEvents, ...engagementEvents, ...notificationEvents };

export type EventType = keyof typeof events;
export type DataOf<T extends EventType> = z.infer<(typeof events)[T]>;
/** An envelope whose data is known to have the shape of its type. */
export type EventOf<T extends EventType> = T extends EventType
  ? Omit<Envelope, 'type' | 'data'> & { type: T; data: DataOf<T> }
  : never;

/** What one suite calls its things on a broker, so that a second suite on the same broker takes nothing of the first. */
export class Namespace {
  constructor(readonly name: string) {}

  /** The one stream all events travel in; durable names live within it. */
  get stream(): string {
    return `${this.name.toUpperCase()}_EVENTS`;
  }

  /** The subject of an event type, or of a wildcard over types. */
  event(type: string): string {
    return `${this.name}.evt.${type}`;
  }

  /** The subject a question to another service is asked on. */
  request(name: string): string {
    return `${this.name}.req.${name}`;
  }
}

/** Checks envelope and data; the error is a sentence fit for a dead letter. */
export function readEvent(
  value: unknown,
): { ok: true; event: EventOf<EventType> } | { ok: false; error: string } {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success)
    return { ok: false, error: `not a CloudEvents 1.0 envelope: ${sentence(envelope.error)}` };
  if (!Object.hasOwn(events, envelope.data.type)) {
    return { ok: false, error: `unknown event type "${envelope.data.type}"` };
  }
  const data = events[envelope.data.type as EventType].safeParse(envelope.data.data);
  if (!data.success) return { ok: false, error: `data of ${envelope.data.type}: ${sentence(data.error)}` };
  return { ok: true, event: { ...envelope.data, data: data.data } as unknown as EventOf<EventType> };
}

function sentence(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; ');
}
