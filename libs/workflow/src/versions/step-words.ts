import type { Definition } from '../definition.js';
import { placeOf } from './places.js';
import { doing, verbChanges } from './verb-words.js';

/** How the steps of a definition have changed: what is new, what is gone, what does otherwise, what stands elsewhere. */
export function stepDifferences(before: Definition, after: Definition): string[] {
  const shared = (id: string): boolean => id in before.steps && id in after.steps;
  return [
    ...after.order.flatMap((id) =>
      shared(id) ? changesIn(id, before, after, shared) : [newcomer(id, after)],
    ),
    ...before.order.filter((id) => !shared(id)).map((id) => goodbye(id, before, after)),
  ];
}

function newcomer(id: string, after: Definition): string {
  const does = after.steps[id]!.verbs.map(doing).join(', then ');
  return `Step ${id} is new, ${placeOf(after, id, () => true)}${does === '' ? '' : `: ${does}`}`;
}

function changesIn(
  id: string,
  before: Definition,
  after: Definition,
  shared: (id: string) => boolean,
): string[] {
  const [old, fresh] = [before.steps[id]!, after.steps[id]!];
  const places = [placeOf(before, id, shared), placeOf(after, id, shared)];
  return [
    ...verbChanges(old.verbs, fresh.verbs).map((change) => `Step ${id}: ${change}`),
    ...(old.as === fresh.as
      ? []
      : [`Step ${id}: names each ${String(fresh.as)} instead of ${String(old.as)}`]),
    ...(places[0] === places[1] ? [] : [`Step ${id} stands ${places[1]} instead of ${places[0]}`]),
  ];
}

/** What nobody hears of any more matters most when a step goes. */
const LOSSES: Record<string, string> = {
  send: 'Nobody is written to any more',
  ask: 'Nobody is asked any more',
  award: 'Nothing is given any more',
};

function goodbye(id: string, before: Definition, after: Definition): string {
  const { verbs } = before.steps[id]!;
  const lost = verbs.find(({ kind }) => kind in LOSSES && !stillDoes(after, kind));
  if (lost) return `${LOSSES[lost.kind]}: step ${id} is gone`;
  const did = verbs.map(doing).join(', then ');
  return `Step ${id} is gone${did === '' ? '' : `; it was: ${did}`}`;
}

const stillDoes = (definition: Definition, kind: string): boolean =>
  Object.values(definition.steps).some(({ verbs }) => verbs.some((verb) => verb.kind === kind));
