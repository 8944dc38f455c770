import { z } from 'zod';

const delivery = { deliveryId: z.uuid(), intentKey: z.string(), personId: z.uuid(), template: z.string() };

const posted = { deliveryId: z.uuid(), intentKey: z.string(), channel: z.string(), template: z.string() };

/** Events told by the notification service. */
export const notificationEvents = {
  /** The mail server has accepted the message. */
  'notification.sent': z.strictObject(delivery),
  /** The message will not be sent, with the reason. */
  'notification.failed': z.strictObject({ ...delivery, reason: z.string() }),
  /** A channel has taken a message, or will not get it, with the reason. */
  'post.sent': z.strictObject(posted),
  'post.failed': z.strictObject({ ...posted, reason: z.string() }),
  /** A mail came back, or its reader complained of it; told once for each kind. `status` is the enhanced status code (RFC 3463). */
  'notification.bounced': z.strictObject({
    ...delivery,
    kind: z.enum(['hard', 'soft', 'complaint']),
    status: z.string().nullable(),
  }),
  /** Somebody answered a question of a mail, once; `answer` is one of its options. */
  'answer.given': z.strictObject({ askId: z.string(), personId: z.uuid(), answer: z.string() }),
  /** Somebody wants no mails until an instant, or, with null, wants them again. */
  'recipient.paused': z.strictObject({ personId: z.uuid(), until: z.iso.datetime().nullable() }),
  /** Somebody wants no mails any more, or (`subscribed`) wants them again. */
  'recipient.unsubscribed': z.strictObject({ personId: z.uuid(), subscribed: z.boolean() }),
};
