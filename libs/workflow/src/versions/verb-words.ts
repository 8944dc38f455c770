import type { Verb } from '../definition.js';
import { changesOf, flatten } from './values.js';
import type { Change } from './values.js';

/** What a word does, as a verb that its main setting follows; other settings are named. */
const DOES: Record<string, { verb: string; main: string }> = {
  wait: { verb: 'waits', main: 'for' },
  if: { verb: 'goes on only if', main: '' },
  wait_for: { verb: 'waits for', main: 'event' },
  for_each: { verb: 'goes through', main: '' },
  send: { verb: 'sends', main: 'template' },
  ask: { verb: 'asks with', main: 'template' },
  award: { verb: 'gives', main: 'badge' },
  collect: { verb: 'gathers', main: 'event' },
  call: { verb: 'calls', main: 'url' },
  emit: { verb: 'tells', main: 'event' },
  start: { verb: 'starts', main: 'workflow' },
};

/** How the words of a step have changed, without its name: `waits 9d instead of 7d`. */
export function verbChanges(before: readonly Verb[], after: readonly Verb[]): string[] {
  const gone = before.filter(({ kind }) => !after.some((verb) => verb.kind === kind));
  const lines = after.flatMap((verb) => {
    const old = before.find(({ kind }) => kind === verb.kind);
    return old
      ? changesOf(old.config, verb.config).map((change) => changed(verb.kind, change))
      : [`now ${doing(verb)}`];
  });
  return [...lines, ...gone.map((verb) => `no longer ${doing(verb)}`)];
}

function changed(kind: string, { path, before, after }: Change): string {
  const does = DOES[kind];
  const what = does?.main === path ? does.verb : [kind.replaceAll('_', ' '), path].filter(Boolean).join(' ');
  const isMain = does?.main === path;
  if (before === undefined) return isMain ? `${what} ${after}` : `${what} is ${after}, which was not there`;
  if (after === undefined) return `${isMain ? `no longer ${what}` : `${what} is gone; it was`} ${before}`;
  return isMain ? `${what} ${after} instead of ${before}` : `${what} is ${after} instead of ${before}`;
}

/** What a word does with its settings: `sends invite-reminder`. */
export function doing({ kind, config }: Verb): string {
  const settings = flatten(config);
  const does = DOES[kind];
  const main = does && settings.get(does.main);
  if (does && main !== undefined) return `${does.verb} ${main}`;
  const rest = [...settings].map(([path, value]) => (path === '' ? value : `${path} ${value}`)).join(', ');
  return [kind.replaceAll('_', ' '), rest].filter(Boolean).join(' ');
}
