import type { z } from 'zod';
import type { Evaluated, Expression } from '#libs/expression';
import type { Checking } from './checking.js';
import type { Definition, Step } from './definition.js';
import type { Effect, LogOutcome } from './effects.js';
import type { Path } from './problem.js';
import type { Awaits, Run } from './run.js';
import type { WorkflowEvent, World } from './world.js';

/** What a step kind sees when its turn comes. */
export interface Turn {
  definition: Definition;
  run: Run;
  step: Step;
  now: number;
  world: World;
  /** Evaluates one of the step's expressions. */
  ask: (source: string) => Evaluated;
  /** The compiled expression, for its needs. */
  compiled: (source: string) => Expression | null;
}

/** What a step kind answers: what happened, in one sentence, and the way on. */
export interface Outcome {
  outcome: LogOutcome;
  reason: string;
  effects?: Effect[];
  input?: unknown;
  output?: unknown;
  /** `on` to the next word of the step (the default), `over` to the next step, into nested steps, `to` a step, stay, or end. */
  go?: 'on' | 'over' | 'inner' | 'otherwise' | 'to' | 'stay' | 'fail' | 'stop';
  /** With `to`: the first step of that way; null is the end. */
  target?: string | null;
  /** With `stay`: how the run stands meanwhile, until when, and for which event. */
  status?: 'waiting' | 'expanding';
  dueAt?: number | null;
  awaits?: Awaits | null;
  /** Kept in the run's vars. */
  vars?: Record<string, unknown>;
  /** Whether the timeline leaves it out. */
  quiet?: boolean;
  /** Whether `retry` tries the word again after this; what fails always may be. */
  again?: boolean;
}

/** How a run stands while it waits: until when, and for which event. */
export interface Waiting {
  dueAt: number | null;
  awaits: Awaits | null;
}

/** An event a waiting step listens to, and whose: by a key (CEL over it, compared with the run's), a person's, anybody's, or an answer. */
export interface Listen {
  event: string;
  by: 'key' | 'person' | 'anybody' | 'ask';
  key?: string;
}

/** A step named by another: the way on (`target`), an earlier `hold`, or a name that must be no step at all (`fresh`). */
export interface StepMention {
  path: Path;
  id: string;
  as: 'target' | 'hold' | 'fresh';
}

/** For the reference and editors: one line, a paragraph in plain English, and whole examples without the `id`. */
export interface Docs {
  summary: string;
  details?: string;
  example: string;
  examples?: readonly string[];
}

/** Where a step stands while it is checked. */
export interface Site {
  path: Path;
  names: string[];
  hasSteps: boolean;
}

/** A kind of step word: everything the engine knows of it is in this value. */
export interface StepKind {
  kind: string;
  /** `gate` words stand before the one `action` of a step; a `modifier` changes how its action is done. */
  role: 'gate' | 'action' | 'modifier';
  keys: readonly string[];
  schema: z.ZodType;
  docs: Docs;
  /** Whether `steps` under it are its own. */
  nests: boolean;
  shorthand(value: unknown): unknown;
  check(config: unknown, checking: Checking, site: Site): void;
  /** The steps it names. */
  mentions(config: unknown): StepMention[];
  /** What of the checked config the definition keeps. */
  keep(config: unknown): unknown;
  /** The names it gives in `vars`; until then they are null. */
  gives(config: unknown, stepId: string): string[];
  /** The events it may wait for. */
  listens(config: unknown, definition: Definition): Listen[];
  advance(config: unknown, turn: Turn): Outcome;
  /** How a run that waits in this word stands by these settings; null when nothing can be reckoned again. */
  waiting(config: unknown, turn: Turn): Waiting | null;
  /** The moment waited for has come. */
  timeUp(config: unknown, turn: Turn): Outcome;
  /** An event of those listened to has arrived (the turn's expressions see it as `event`); null when it is not meant. */
  heard(config: unknown, turn: Turn, event: WorkflowEvent): Outcome | null;
  /** An effect of this word was carried out; null when that is no answer it waits for. */
  settled(config: unknown, turn: Turn, result: unknown): Outcome | null;
}

/** A started run, before the driver gives it an id. */
export interface Start {
  trigger: number;
  key: string | null;
  personId: string | null;
  event: Record<string, unknown>;
}

/** Why a trigger did not start a run for an event it listens to. */
export interface Refusal {
  trigger: number;
  reason: string;
}

/** What a trigger says of an event of its types: started with this key, or why not. */
export type Weighed =
  { starts: true; key: string | null; personId: string | null } | { starts: false; reason: string };

/** A kind of trigger, found by its first word. */
export interface TriggerKind {
  kind: string;
  keys: readonly string[];
  schema: z.ZodType;
  docs: Docs;
  check(config: unknown, checking: Checking, path: Path): void;
  /** The event types it listens to; none for schedules. */
  eventTypes(config: unknown): readonly string[];
  weigh(config: unknown, event: WorkflowEvent, definition: Definition): Weighed;
}

type Typed<K extends StepKind | TriggerKind, C> = {
  [P in keyof K]: K[P] extends (config: unknown, ...rest: infer R) => infer A
    ? (config: C, ...rest: R) => A
    : K[P];
} & { schema: z.ZodType<C> };

const PLAIN = {
  role: 'action' as const,
  nests: false,
  shorthand: (value: unknown) => value,
  keep: (config: unknown) => config,
  mentions: () => [],
  gives: () => [],
  listens: () => [],
  waiting: () => null,
  timeUp: (): Outcome => ({ outcome: 'passed', reason: 'the wait until then is over' }),
  heard: () => null,
  settled: () => null,
};

/** Makes a step kind from a typed value; its schema has already vouched for the config when it is called. */
export function stepKind<C>(
  kind: Omit<Typed<StepKind, C>, keyof typeof PLAIN> & Partial<Pick<Typed<StepKind, C>, keyof typeof PLAIN>>,
): StepKind {
  return { ...PLAIN, ...kind } as unknown as StepKind;
}

/** Makes a trigger kind from a typed value. */
export function triggerKind<C>(kind: Typed<TriggerKind, C>): TriggerKind {
  return kind as unknown as TriggerKind;
}
