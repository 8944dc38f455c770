import { warn } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';

/** Warns of audiences that hold people who have left. */
export function checkAudiences(_definition: Definition, checking: Checking): void {
  for (const { path, scope, reads } of checking.uses)
    if (scope === 'audience' && path[0] !== 'on' && !reads.includes('person.active'))
      warn(
        checking,
        path,
        'people who have left the company match as well',
        'add person.active && to the condition',
      );
}
