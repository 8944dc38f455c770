import { z } from 'zod';

const delivery = { deliveryId: z.uuid(), intentKey: z.string(), personId: z.uuid(), template: z.string() };

/** Events told by the notification service. */
export const notificationEvents = {
  /** The mail server has accepted the message. */
  'notification.sent': z.strictObject(delivery),
  /** The message will not be sent, with the reason. */
  'notification.failed': z.strictObject({ ...delivery, reason: z.string() }),
};
