import { fieldsOf } from '#libs/expression';
import { warn } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';
import { eventShape } from '../event-shapes.js';
import { triggerKindOf } from '../triggers/list.js';

/** Warns of fields that only some of the events have that start the workflow. */
export function checkEvents({ on }: Definition, checking: Checking): void {
  const types = new Set(on.flatMap(({ kind, config }) => triggerKindOf(kind).eventTypes(config)));
  if (types.size < 2) return;
  for (const { path, source, reads, scope } of checking.uses) {
    if (path[0] === 'on' || path[0] === 'stop_when' || scope === 'trigger') continue;
    for (const read of reads) {
      const field = /^event\.(\w+)/.exec(read)?.[1];
      const without =
        field === undefined || source.includes(`has(event.${field}`) ? [] : lacking(field, types, checking);
      if (without.length > 0)
        warn(
          checking,
          path,
          `${without.join(' and ')} has no ${field}`,
          `ask has(event.${field}) first, or make two workflows`,
        );
    }
  }
}

function lacking(field: string, types: ReadonlySet<string>, { catalog }: Checking): string[] {
  return [...types].filter((type) => {
    const fields = fieldsOf(eventShape(type, catalog));
    return fields !== null && !Object.hasOwn(fields, field);
  });
}
