import type { Definition, Step } from './definition.js';
import type { Effect, LogEntry } from './effects.js';
import type { Outcome } from './kinds.js';
import { isEnded } from './run.js';
import type { Run, RunStatus } from './run.js';
import { stepKindOf } from './steps/list.js';
import { stopsOn, stopsRun } from './starts.js';
import { turnOf } from './turn.js';
import type { WorkflowEvent, World } from './world.js';

/** What can happen to a run. An input that does not fit its state changes nothing. */
export type Input =
  | { type: 'started' }
  | { type: 'event'; event: WorkflowEvent }
  | { type: 'timerFired'; stepId: string; dueAt: number }
  | { type: 'effectSettled'; stepId: string }
  | { type: 'recalculated' }
  | { type: 'cancelled'; reason: string };

/** The new state, what to do, and what to write into the timeline; the three commit together. */
export interface Advanced {
  run: Run;
  effects: Effect[];
  log: LogEntry[];
}

interface State extends Advanced {
  definition: Definition;
  now: number;
  world: World;
}

interface Position {
  stepId: string;
  verb: number;
}

/**
 * The next state of a run after an input at an instant (epoch ms). Pure: the same arguments give the same answer. The run given is
 * never changed; when nothing happens the very same run comes back, without effects.
 */
export function advance(definition: Definition, run: Run, input: Input, now: number, world: World): Advanced {
  const state: State = { definition, run: { ...run }, effects: [], log: [], now, world };
  const fits = !isEnded(run) && take(state, run, input);
  return fits ? { run: state.run, effects: state.effects, log: state.log } : { run, effects: [], log: [] };
}

function take(state: State, run: Run, input: Input): boolean {
  switch (input.type) {
    case 'started':
      return run.status === 'new' && begin(state);
    case 'timerFired':
      return isAwaited(state, run, input) && resume(state, `the wait until then is over`);
    case 'effectSettled':
      return run.status === 'expanding' && run.cursor === input.stepId && resume(state, 'all have ended');
    case 'recalculated':
      return run.status === 'waiting' && recalculate(state, run);
    case 'event':
      return (
        stopsOn(state.definition, input.event).some((stop) => stopsRun(stop, run)) &&
        end(state, 'stopped', `stopped by ${input.event.type}`)
      );
    case 'cancelled':
      return end(state, 'cancelled', input.reason);
  }
}

function isAwaited(state: State, run: Run, input: { stepId: string; dueAt: number }): boolean {
  return (
    run.status === 'waiting' &&
    run.cursor === input.stepId &&
    run.dueAt === input.dueAt &&
    state.now >= input.dueAt
  );
}

function begin(state: State): boolean {
  const { run, definition, now } = state;
  // A run that is late, after an outage say, still counts from its trigger.
  run.startedAt ??= now;
  state.log.push({
    stepId: null,
    kind: 'run',
    at: now,
    outcome: 'started',
    reason: run.branch ? `started for ${run.branch.itemKey}` : 'started',
  });
  return walk(
    state,
    positionAt(run.branch ? (definition.steps[run.branch.stepId]?.inner ?? null) : definition.first),
  );
}

function resume(state: State, reason: string): boolean {
  const at = awaitedPosition(state);
  if (!at)
    return end(
      state,
      'failed',
      `version ${state.run.version} has no step ${String(state.run.cursor)} to go on from`,
    );
  state.log.push({ stepId: at.stepId, kind: state.run.verb ?? '', at: state.now, outcome: 'passed', reason });
  Object.assign(state.run, { dueAt: null, verb: null });
  return walk(state, { stepId: at.stepId, verb: at.verb + 1 });
}

// The zone data or the person's zone has changed: the same wait is reckoned again from the same beginning.
function recalculate(state: State, before: Run): boolean {
  const at = awaitedPosition(state);
  if (!at) return false;
  walk(state, at);
  return !(
    state.run.status === 'waiting' &&
    state.run.cursor === before.cursor &&
    state.run.dueAt === before.dueAt
  );
}

function awaitedPosition({ run, definition }: State): Position | null {
  const verb = definition.steps[run.cursor ?? '']?.verbs.findIndex((v) => v.kind === run.verb) ?? -1;
  return run.cursor === null || verb < 0 ? null : { stepId: run.cursor, verb };
}

/** Does word after word until the run has to wait or is at an end; ways only lead forward, so this ends. */
function walk(state: State, from: Position | null): boolean {
  let at = from;
  while (at) {
    const step = state.definition.steps[at.stepId];
    if (!step) return end(state, 'failed', `there is no step ${at.stepId}`);
    if (at.verb === 0) arrive(state, step);
    const verb = step.verbs[at.verb];
    const outcome = verb ? stepKindOf(verb.kind).advance(verb.config, turnOf(state, step)) : null;
    if (outcome) record(state, step, verb?.kind ?? '', outcome);
    if (outcome?.go === 'stay') return stay(state, verb?.kind ?? '', outcome);
    if (outcome?.go === 'fail') return end(state, 'failed', `${step.id}: ${outcome.reason}`);
    at = outcome ? follow(step, at, outcome) : positionAt(step.next);
  }
  return end(state, 'done', null);
}

// A wait reckoned again comes here too; it keeps the moment it first came to the step.
function arrive({ run, now }: State, step: Step): void {
  if (run.cursor === step.id) return;
  run.cursor = step.id;
  run.cursorSince = now;
}

function follow(step: Step, at: Position, { go = 'on' }: Outcome): Position | null {
  if (go === 'inner') return positionAt(step.inner);
  if (go === 'otherwise') return positionAt(step.otherwise);
  return go === 'over' ? positionAt(step.next) : { ...at, verb: at.verb + 1 };
}

function positionAt(stepId: string | null): Position | null {
  return stepId === null ? null : { stepId, verb: 0 };
}

function record(state: State, step: Step, kind: string, outcome: Outcome): void {
  const { outcome: how, reason, input, output } = outcome;
  const detail = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
  state.log.push({ stepId: step.id, kind, at: state.now, outcome: how, reason, ...detail });
  state.effects.push(...(outcome.effects ?? []));
}

function stay({ run }: State, verb: string, outcome: Outcome): boolean {
  Object.assign(run, { status: outcome.status ?? 'waiting', verb, dueAt: outcome.dueAt ?? null });
  return true;
}

function end(
  state: State,
  status: RunStatus & ('done' | 'stopped' | 'cancelled' | 'failed'),
  reason: string | null,
): boolean {
  const { run } = state;
  if (run.dueAt !== null && run.cursor !== null)
    state.effects.push({ type: 'clearTimer', stepId: run.cursor });
  state.log.push({
    stepId: run.cursor,
    kind: 'run',
    at: state.now,
    outcome: status,
    reason: reason ?? 'reached the end',
  });
  Object.assign(run, { status, reason, verb: null, dueAt: null });
  if (status === 'done') run.cursor = null;
  return true;
}
