import { fieldsOf } from '#libs/expression';
import { report, warn } from '../checking.js';
import type { Checking, Use } from '../checking.js';
import type { Definition } from '../definition.js';
import { eventShapesOf } from '../event-shapes.js';
import type { Path } from '../problem.js';

const FOR_SOMEBODY = ['send', 'award', 'ask'];

/** Refuses steps for somebody where a run has nobody, and warns of recipients who may be nobody. */
export function checkPeople(definition: Definition, checking: Checking, root: unknown): void {
  if (refusesRecipients(definition, checking)) return;
  const nobody = hasNobody(definition, checking);
  for (const use of checking.uses) {
    const inStep = use.path[0] === 'steps' && use.scope === 'workflow';
    if (inStep && nobody && !inLoop(use.path, root) && use.reads.some((path) => /^person(\.|$)/.test(path)))
      tellNobody(checking, use.path);
    if (inStep && use.path.at(-1) === 'to') checkRecipient(use, checking);
  }
  if (!nobody) return;
  for (const { id, verbs } of Object.values(definition.steps)) {
    const path = checking.places.get(id) ?? [];
    for (const { kind, config } of verbs)
      if (FOR_SOMEBODY.includes(kind) && (config as { to?: string }).to === undefined && !inLoop(path, root))
        tellNobody(checking, [...path, kind]);
  }
}

function refusesRecipients({ on, audience }: Definition, checking: Checking): boolean {
  const local = on.some(
    ({ kind, config }) => kind === 'schedule' && (config as { zone?: string }).zone === 'recipient',
  );
  if (!local || audience !== null) return false;
  const mend = 'add audience: or name a zone such as Europe/Rome';
  report(checking, ['on'], 'zone: recipient without an audience has no recipients', mend);
  return true;
}

function tellNobody(checking: Checking, path: Path): void {
  report(
    checking,
    path,
    'a run of this workflow has no person',
    'add audience:, a for_each over people, or to:',
  );
}

// A schedule and a closed board are about nobody; of an event whose fields are not known nothing can be said.
function hasNobody({ on, audience }: Definition, { catalog }: Checking): boolean {
  const shapes = on.flatMap((trigger) => eventShapesOf(trigger, catalog));
  return (
    audience === null &&
    shapes.length > 0 &&
    shapes.every((shape) => !Object.hasOwn(fieldsOf(shape) ?? { personId: 'dyn' }, 'personId'))
  );
}

// The things of a list may be about somebody (a place on a board is): then so is their branch.
function inLoop(path: Path, root: unknown): boolean {
  let value: unknown = root;
  for (const [index, part] of path.entries()) {
    const loop = (value as { for_each?: unknown } | null)?.for_each;
    if (part === 'steps' && index > 0 && loop !== undefined) return true;
    value = (value as Record<string | number, unknown> | null | undefined)?.[part];
  }
  return false;
}

// person.lead is null for whoever has none: the step is skipped then, which should be said rather than happen.
function checkRecipient({ path, reads }: Use, checking: Checking): void {
  const maybe = reads.find((read) => read === 'person.lead' || /^vars\.[^.]+\.personId$/.test(read));
  if (maybe === undefined) return;
  const asked = maybe.startsWith('vars.') ? maybe.split('.').slice(0, 2).join('.') : maybe;
  const guards = checking.uses.filter((use) => guardsOver(use.path, path));
  if (!guards.some(({ reads: seen }) => seen.some((read) => read.startsWith(asked))))
    warn(checking, path, `${maybe} may be nobody, and then nothing is sent`, `add if: ${asked} != null`);
}

// The conditions of the step itself and of those it stands in: `steps[0].if` is one of `steps[0].send.to`.
function guardsOver(guard: Path, path: Path): boolean {
  return guard.at(-1) === 'if' && guard.slice(0, -1).every((part, index) => part === path[index]);
}
