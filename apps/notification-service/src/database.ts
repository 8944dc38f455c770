import {
  Messaging1760000000000,
  MessagingDecisions1760000000200,
  MessagingPending1760000000300,
  MessagingSpeed1760000000100,
} from '#libs/messaging';
import { Answers1760000101000 } from './migrations/1760000101000-answers.js';
import { Bounces1760000104000 } from './migrations/1760000104000-bounces.js';
import { Channels1760000107000 } from './migrations/1760000107000-channels.js';
import { Notification1760000100000 } from './migrations/1760000100000-notification.js';
import { Pacing1760000106000 } from './migrations/1760000106000-pacing.js';
import { Programme1760000102000 } from './migrations/1760000102000-programme.js';
import { Resent1760000108000 } from './migrations/1760000108000-resent.js';
import { Stop1760000103000 } from './migrations/1760000103000-stop.js';
import { Templates1760000105000 } from './migrations/1760000105000-templates.js';

/** Tables of this service; all its SQL is set-based, so it has no entities. */
export const database = {
  entities: [],
  migrations: [
    Messaging1760000000000,
    MessagingSpeed1760000000100,
    MessagingDecisions1760000000200,
    MessagingPending1760000000300,
    Notification1760000100000,
    Answers1760000101000,
    Programme1760000102000,
    Stop1760000103000,
    Bounces1760000104000,
    Templates1760000105000,
    Pacing1760000106000,
    Channels1760000107000,
    Resent1760000108000,
  ],
};
