import { warn } from '../checking.js';
import type { Checking } from '../checking.js';
import type { Definition } from '../definition.js';

const WAITING = new Set(['wait', 'wait_for', 'ask', 'collect']);

/** Warns of waits nothing may ever end, and of runs that pile up because every event starts another. */
export function checkWaits({ on, steps, stopWhen }: Definition, checking: Checking): void {
  for (const { id, verbs } of Object.values(steps)) {
    const wait = verbs.find(({ kind }) => kind === 'wait_for')?.config as { timeout?: string } | undefined;
    if (wait && wait.timeout === undefined && stopWhen.length === 0)
      warn(
        checking,
        [...(checking.places.get(id) ?? []), 'wait_for'],
        'when the event never comes, this waits for ever',
        'add timeout: 30d, or stop_when:',
      );
  }
  if (!Object.values(steps).some(({ verbs }) => verbs.some(({ kind }) => WAITING.has(kind)))) return;
  on.forEach(({ kind, config }, index) => {
    if ((kind !== 'event' && kind !== 'webhook') || (config as { key?: string }).key !== undefined) return;
    const path = checking.source.document.hasIn(['on', 0]) ? ['on', index] : ['on'];
    warn(
      checking,
      path,
      'without a key every event starts a run of its own, and they wait side by side',
      'add for example key: event.personId',
    );
  });
}
