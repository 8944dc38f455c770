import type { Definition } from './definition.js';
import type { Effect, LogEntry, LogOutcome } from './effects.js';
import type { Run, RunStatus } from './run.js';
import type { World } from './world.js';

/** The new state, what to do, and what to write into the timeline; the three commit together. */
export interface Advanced {
  run: Run;
  effects: Effect[];
  log: LogEntry[];
}

/** A run being advanced: its own copy, changed in place, and what has come of it so far. */
export interface State extends Advanced {
  definition: Definition;
  now: number;
  world: World;
}

/** A word of a step, by its place. */
export interface Position {
  stepId: string;
  verb: number;
}

/** The beginning of a step; null is the end of the way. */
export function positionAt(stepId: string | null): Position | null {
  return stepId === null ? null : { stepId, verb: 0 };
}

/** The word a waiting or failed run stands at; null when the definition does not have it. */
export function positionOf({ run, definition }: Pick<State, 'run' | 'definition'>): Position | null {
  const verb = definition.steps[run.cursor ?? '']?.verbs.findIndex((v) => v.kind === run.verb) ?? -1;
  return run.cursor === null || verb < 0 ? null : { stepId: run.cursor, verb };
}

/** Notes what became of the run itself. */
export function note(state: State, outcome: LogOutcome, reason: string): void {
  const { run, now } = state;
  state.log.push({ stepId: run.cursor, kind: 'run', at: now, outcome, reason });
}

/** Takes a run out of its wait: nothing wakes it any more. */
export function unwait(state: State): void {
  const { run } = state;
  if (run.dueAt !== null && run.cursor !== null)
    state.effects.push({ type: 'clearTimer', stepId: run.cursor });
  Object.assign(run, { dueAt: null, awaits: null, since: null, verb: null });
}

/** Sets the run to wait until an instant, with its timer unless that is the one it has. */
export function setDue(state: State, dueAt: number | null): void {
  const { run } = state;
  if (dueAt !== null && dueAt !== run.dueAt && run.cursor !== null)
    state.effects.push({ type: 'setTimer', stepId: run.cursor, dueAt });
  if (dueAt === null && run.dueAt !== null && run.cursor !== null)
    state.effects.push({ type: 'clearTimer', stepId: run.cursor });
  run.dueAt = dueAt;
}

/** Ends the run. One that has failed keeps the word it failed at, so that it can be tried again from there. */
export function end(
  state: State,
  status: RunStatus & ('done' | 'stopped' | 'cancelled' | 'failed'),
  reason: string | null,
): true {
  const { run } = state;
  const verb = status === 'failed' ? run.verb : null;
  unwait(state);
  note(state, status, reason ?? 'reached the end');
  Object.assign(run, { status, reason, verb });
  if (status === 'done') run.cursor = null;
  return true;
}
