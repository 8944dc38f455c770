import type { z } from 'zod';
import type { Evaluated, Expression } from '#libs/expression';
import type { Checking } from './checking.js';
import type { Definition, Step } from './definition.js';
import type { Effect, LogOutcome } from './effects.js';
import type { Path } from './problem.js';
import type { Run } from './run.js';
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
  /** `on` to the next word of the step (the default), `over` to the next step, into nested steps, or stay. */
  go?: 'on' | 'over' | 'inner' | 'otherwise' | 'stay' | 'fail';
  /** With `stay`: how the run stands meanwhile, and until when. */
  status?: 'waiting' | 'expanding';
  dueAt?: number;
}

/** One line for people and one example, for the reference and editors. */
export interface Docs {
  summary: string;
  example: string;
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
  keys: readonly string[];
  schema: z.ZodType;
  docs: Docs;
  /** Whether `steps` under it are its own. */
  nests: boolean;
  shorthand(value: unknown): unknown;
  check(config: unknown, checking: Checking, site: Site): void;
  advance(config: unknown, turn: Turn): Outcome;
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

/** Makes a step kind from a typed value; its schema has already vouched for the config when it is called. */
export function stepKind<C>(
  kind: Omit<Typed<StepKind, C>, 'shorthand' | 'nests'> & Partial<Pick<StepKind, 'shorthand' | 'nests'>>,
): StepKind {
  return { nests: false, shorthand: (value: unknown) => value, ...kind } as unknown as StepKind;
}

/** Makes a trigger kind from a typed value. */
export function triggerKind<C>(kind: Typed<TriggerKind, C>): TriggerKind {
  return kind as unknown as TriggerKind;
}
