import { Messaging1760000000000, MessagingSpeed1760000000100 } from '#libs/messaging';
import { Answers1760000101000 } from './migrations/1760000101000-answers.js';
import { Notification1760000100000 } from './migrations/1760000100000-notification.js';

/** Tables of this service; all its SQL is set-based, so it has no entities. */
export const database = {
  entities: [],
  migrations: [
    Messaging1760000000000,
    MessagingSpeed1760000000100,
    Notification1760000100000,
    Answers1760000101000,
  ],
};
