import {
  Messaging1760000000000,
  MessagingDecisions1760000000200,
  MessagingPending1760000000300,
  MessagingSpeed1760000000100,
} from '#libs/messaging';
import type { DatabaseParts } from '#libs/platform';
import { Post } from './library/post.entity.js';
import { Content1760000001000 } from './migrations/1760000001000-content.js';
import { Drafts1760000002000 } from './migrations/1760000002000-drafts.js';
import { Sources1760000003000 } from './migrations/1760000003000-sources.js';
import { Library1760000004000 } from './migrations/1760000004000-library.js';
import { Sharing1760000005000 } from './migrations/1760000005000-sharing.js';
import { OwnVisitors1760000006000 } from './migrations/1760000006000-own-visitors.js';
import { Source } from './sources/source.entity.js';

/** Entities and migrations of the content service. */
export const database: DatabaseParts = {
  entities: [Post, Source],
  migrations: [
    Messaging1760000000000,
    MessagingSpeed1760000000100,
    MessagingDecisions1760000000200,
    MessagingPending1760000000300,
    Content1760000001000,
    Drafts1760000002000,
    Sources1760000003000,
    Library1760000004000,
    Sharing1760000005000,
    OwnVisitors1760000006000,
  ],
};
