import { compileExpression, didYouMean, itemOf } from '#libs/expression';
import type { Shape } from '#libs/expression';
import { readShape, report } from './checking.js';
import type { Checking } from './checking.js';
import type { Definition, Step, Verb } from './definition.js';
import { eventShape, withEvents, withItem } from './event-shapes.js';
import type { Site, StepKind } from './kinds.js';
import { checkMentions } from './mentions.js';
import type { Mentioned } from './mentions.js';
import { lineAt } from './problem.js';
import type { Path } from './problem.js';
import { STEP_KINDS } from './steps/list.js';

/** The steps of a definition: where to begin, each by its id, and the order of the file. */
export interface Steps {
  first: string | null;
  steps: Record<string, Step>;
  order: string[];
}

interface Building extends Steps {
  checking: Checking;
  mentions: Mentioned[];
}

const OWN_KEYS = ['id', 'as', 'steps', 'else'];
const WORDS = STEP_KINDS.map((k) => k.kind);
const ACTIONS = STEP_KINDS.filter((k) => k.role === 'action').map((k) => k.kind);
const ID = /^[a-z][a-z0-9_-]*$/;
const NAME = /^[a-z][A-Za-z0-9_]*$/;
const TAKEN = ['event', 'person', 'run', 'inputs', 'vars', 'in', 'true', 'false', 'null', 'cel'];

/** Reads all steps, linked into ways: each knows what comes after it, inside it, and instead of it. */
export function readSteps(value: unknown, checking: Checking): Steps {
  const building: Building = {
    first: null,
    steps: Object.create(null) as Steps['steps'],
    order: [],
    checking,
    mentions: [],
  };
  building.first = readBlock(value, ['steps'], [], null, building);
  checkMentions(building.mentions, building, checking);
  const { first, steps, order } = building;
  return { first, steps, order };
}

/** Reads a list of steps; answers the id of the first, `after` follows the last. */
function readBlock(
  value: unknown,
  path: Path,
  names: string[],
  after: string | null,
  building: Building,
): string | null {
  if (!Array.isArray(value) || value.length === 0) {
    report(building.checking, path, 'there are no steps here', 'add a list of steps, each with an id');
    return after;
  }
  const ids = value.map((step: unknown, index) => readId(step, [...path, index], building));
  value.forEach((step: unknown, index) => {
    const id = ids[index];
    if (id)
      readStep(
        id,
        step as Record<string, unknown>,
        [...path, index],
        names,
        ids[index + 1] ?? after,
        building,
      );
  });
  return ids[0] ?? null;
}

// A step without a proper id is still read, under its place, so that its other mistakes are told at the same time.
function readId(value: unknown, path: Path, building: Building): string | null {
  const { checking, steps, order } = building;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return refuse(checking, path, 'a step is a block of words', 'write for example - id: reminder');
  }
  const id = soundId((value as { id?: unknown }).id, path, building) ?? `#${path.join('.')}`;
  order.push(id);
  checking.places.set(id, path);
  const line = lineAt(checking.source, path);
  steps[id] = { id, line, verbs: [], next: null, inner: null, otherwise: null, as: null, names: [] };
  return id;
}

function soundId(id: unknown, path: Path, { checking, order }: Building): string | null {
  const at = [...path, 'id'];
  if (id === undefined) {
    return refuse(
      checking,
      path,
      'the step has no id',
      'add id: and a short name; it is how the step is known in later versions',
    );
  }
  if (typeof id !== 'string' || !ID.test(id)) {
    return refuse(
      checking,
      at,
      `${JSON.stringify(id)} is no step id`,
      'use small letters, digits, _ and -, starting with a letter',
    );
  }
  return order.includes(id)
    ? refuse(checking, at, `there are two steps ${id}`, 'give every step an id of its own')
    : id;
}

function refuse(checking: Checking, path: Path, message: string, mend: string): null {
  report(checking, path, message, mend);
  return null;
}

function readStep(
  id: string,
  raw: Record<string, unknown>,
  path: Path,
  names: string[],
  next: string | null,
  building: Building,
): void {
  const step = building.steps[id];
  if (!step) return;
  Object.assign(step, { next, names, as: readAs(raw, path, building.checking) });
  checkWords(raw, path, building.checking);
  step.verbs = STEP_KINDS.flatMap((kind) =>
    readVerb(kind, raw, { path, names, hasSteps: raw['steps'] !== undefined }, id, building),
  );
  readNested(step, raw, path, building);
}

function readNested(step: Step, raw: Record<string, unknown>, path: Path, building: Building): void {
  const loops = raw['for_each'] !== undefined;
  const inside = loops && step.as !== null ? [...step.names, step.as] : step.names;
  // The body of a loop ends with its branch; the steps under an if lead on.
  if (raw['steps'] !== undefined)
    withItem(building.checking, loops ? step.as : null, itemShape(step, building.checking), () => {
      step.inner = readBlock(raw['steps'], [...path, 'steps'], inside, loops ? null : step.next, building);
    });
  if (raw['else'] !== undefined)
    step.otherwise = readBlock(raw['else'], [...path, 'else'], step.names, step.next, building);
  if (Array.isArray(raw['choose']))
    step.ways = raw['choose'].map((way: unknown, index) =>
      readBlock(
        (way as { steps?: unknown } | null)?.steps,
        [...path, 'choose', index, 'steps'],
        step.names,
        step.next,
        building,
      ),
    );
}

// What the items of a loop look like, so that a slip in a field of theirs is found as well.
function itemShape({ verbs, names }: Step, { shapes }: Checking): Shape {
  const list = verbs.find(({ kind }) => kind === 'for_each')?.config;
  if (typeof list !== 'string') return 'dyn';
  const compiled = compileExpression(list, 'workflow', { names, shapes });
  return compiled.ok ? itemOf(compiled.shape) : 'dyn';
}

function readVerb(
  kind: StepKind,
  raw: Record<string, unknown>,
  site: Site,
  id: string,
  { checking, mentions }: Building,
): Verb[] {
  if (raw[kind.kind] === undefined) return [];
  const path = [...site.path, kind.kind];
  const config = readShape(checking, path, kind.schema, kind.shorthand(raw[kind.kind]), kind.keys);
  if (config === null) return [];
  withEvents(checking, heardBy(kind, config, checking), () =>
    kind.check(config, checking, { ...site, path }),
  );
  for (const mention of kind.mentions(config))
    mentions.push({ from: id, mention: { ...mention, path: [...path, ...mention.path] } });
  return [{ kind: kind.kind, config: kind.keep(config) }];
}

// The expressions of a step that waits for an event are asked about that event, not about the one that started the run.
function heardBy(kind: StepKind, config: unknown, { triggers, catalog }: Checking): Shape[] | null {
  const heard = kind
    .listens(config, { on: triggers } as unknown as Definition)
    .filter(({ by }) => by !== 'ask');
  return heard.length === 0 ? null : heard.map(({ event }) => eventShape(event, catalog));
}

function checkWords(raw: Record<string, unknown>, path: Path, checking: Checking): void {
  const keys = Object.keys(raw);
  const unknown = keys.filter((key) => !OWN_KEYS.includes(key) && !WORDS.includes(key));
  for (const key of unknown)
    report(
      checking,
      [...path, key],
      `unknown step word ${key}`,
      didYouMean(key, [...WORDS, ...OWN_KEYS]),
      true,
    );
  const words = keys.filter((key) => WORDS.includes(key));
  const actions = words.filter((word) => ACTIONS.includes(word));
  if (words.length === 0 && unknown.length === 0)
    report(checking, path, 'the step does nothing', `add one of ${WORDS.join(', ')}`);
  for (const word of words.filter(
    (each) => (each === 'throttle' || each === 'retry') && actions.length === 0,
  ))
    report(
      checking,
      [...path, word],
      `${word} has nothing to act on`,
      'put it beside an action such as send',
      true,
    );
  if (actions.length > 1)
    report(checking, path, `the step does ${actions.join(' and ')}`, 'make two steps of it');
  checkNesting(raw, actions, path, checking);
}

function checkNesting(raw: Record<string, unknown>, actions: string[], path: Path, checking: Checking): void {
  const loops = actions.includes('for_each');
  if (raw['steps'] !== undefined && !loops && raw['if'] === undefined)
    report(
      checking,
      [...path, 'steps'],
      'steps stand under a step that has neither if nor for_each',
      'add if: or for_each:',
      true,
    );
  if (raw['steps'] !== undefined && !loops && actions.length > 0)
    report(
      checking,
      [...path, 'steps'],
      `steps stand beside ${actions.join()}`,
      `put ${actions.join()} into a step of its own`,
      true,
    );
  if (raw['else'] !== undefined && raw['if'] === undefined && raw['choose'] === undefined)
    report(checking, [...path, 'else'], 'else without if', 'add if: or choose:', true);
}

function readAs(raw: Record<string, unknown>, path: Path, checking: Checking): string | null {
  const as = raw['as'];
  if (as === undefined) return null;
  if (raw['for_each'] === undefined)
    return refuse(checking, [...path, 'as'], 'as belongs to for_each', 'take it away or add for_each:');
  if (typeof as === 'string' && NAME.test(as) && !TAKEN.includes(as)) return as;
  return refuse(
    checking,
    [...path, 'as'],
    `${JSON.stringify(as)} cannot name an item`,
    'use a word such as winner, not one of event, person, run, inputs, vars',
  );
}
