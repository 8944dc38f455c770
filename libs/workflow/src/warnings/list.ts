import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';
import { checkAudiences } from './audiences.js';
import { checkEvents } from './events.js';
import { checkPeople } from './people.js';
import { checkReach } from './reach.js';
import { checkWaits } from './waits.js';

/** Looks at a whole definition for what each word by itself cannot tell: most of it is allowed and yet hardly meant. */
export function checkMeaning(definition: Definition, root: unknown, checking: Checking): void {
  for (const check of [checkReach, checkWaits, checkAudiences, checkEvents, checkPeople])
    check(definition, checking, root);
}
