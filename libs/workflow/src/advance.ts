import type { Definition } from './definition.js';
import type { Outcome, StepKind, Turn } from './kinds.js';
import { move, rereckon, retryNow, skip } from './moving.js';
import { isEnded, isRetrying } from './run.js';
import type { Run } from './run.js';
import { stopsOn, stopsRun } from './starts.js';
import { end, positionAt, positionOf } from './state.js';
import type { Advanced, Position, State } from './state.js';
import { stepKindOf } from './steps/list.js';
import { turnOf } from './turn.js';
import { goOnWith, walk } from './walk.js';
import type { WorkflowEvent, World } from './world.js';

/**
 * What can happen to a run. An input that does not fit its state changes nothing. `moved` comes with the new definition: the run is
 * pinned to its version and stays at the step of the same id, or goes to the beginning of the step named.
 */
export type Input =
  | { type: 'started' }
  | { type: 'event'; event: WorkflowEvent }
  | { type: 'timerFired'; stepId: string; dueAt: number }
  | { type: 'effectSettled'; stepId: string; result?: unknown }
  | { type: 'recalculated' }
  | { type: 'cancelled'; reason: string }
  | { type: 'moved'; version: number; stepId?: string; reason: string }
  | { type: 'skipped'; reason: string }
  | { type: 'retried'; reason: string };

/**
 * The next state of a run after an input at an instant (epoch ms). Pure: the same arguments give the same answer. The run given is
 * never changed; when nothing happens the very same run comes back, without effects.
 */
export function advance(definition: Definition, run: Run, input: Input, now: number, world: World): Advanced {
  const state: State = { definition, run: { ...run }, effects: [], log: [], now, world };
  const fits = mayStill(run, input) && take(state, run, input);
  return fits ? { run: state.run, effects: state.effects, log: state.log } : { run, effects: [], log: [] };
}

// What has ended has ended, but a failure can be mended.
function mayStill(run: Run, { type }: Input): boolean {
  const mends = type === 'moved' || type === 'skipped' || type === 'retried';
  return !isEnded(run) || (run.status === 'failed' && mends);
}

function take(state: State, run: Run, input: Input): boolean {
  switch (input.type) {
    case 'started':
      return (run.status === 'new' || run.status === 'queued') && begin(state);
    case 'timerFired':
      return isAwaited(state, run, input) && timeUp(state);
    case 'effectSettled':
      return settle(state, run, input);
    case 'recalculated':
      return run.status === 'waiting' && recalculate(state);
    case 'event':
      return isStopped(state, run, input.event) || hear(state, run, input.event);
    case 'cancelled':
      return end(state, 'cancelled', input.reason);
    case 'moved':
      return move(state, input);
    case 'skipped':
      return skip(state, input.reason);
    case 'retried':
      return retryNow(state, input.reason);
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
  const reason = run.branch ? `started for ${run.branch.itemKey}` : 'started';
  state.log.push({ stepId: null, kind: 'run', at: now, outcome: 'started', reason });
  const first = run.branch ? (definition.steps[run.branch.stepId]?.inner ?? null) : definition.first;
  return walk(state, positionAt(first));
}

function timeUp(state: State): boolean {
  const { run } = state;
  const at = positionOf(state);
  if (!at) return lost(state);
  const retrying = isRetrying(run);
  // The timer has fired; there is nothing to clear.
  run.dueAt = null;
  if (!retrying) return answer(state, at, (kind, config, turn) => kind.timeUp(config, turn));
  run.verb = null;
  return walk(state, at);
}

function lost(state: State): true {
  const { version, cursor } = state.run;
  return end(state, 'failed', `version ${version} has no step ${String(cursor)} to go on from`);
}

function settle(state: State, run: Run, { stepId, result }: { stepId: string; result?: unknown }): boolean {
  if ((run.status !== 'waiting' && run.status !== 'expanding') || run.cursor !== stepId || isRetrying(run))
    return false;
  const at = positionOf(state);
  if (!at) return run.status === 'expanding' && lost(state);
  return answer(state, at, (kind, config, turn) => kind.settled(config, turn, result));
}

function isStopped(state: State, run: Run, event: WorkflowEvent): boolean {
  return (
    stopsOn(state.definition, event).some((stop) => stopsRun(stop, run)) &&
    end(state, 'stopped', `stopped by ${event.type}`)
  );
}

function hear(state: State, run: Run, event: WorkflowEvent): boolean {
  const at = run.status === 'waiting' && run.awaits ? positionOf(state) : null;
  return at !== null && answer(state, at, (kind, config, turn) => kind.heard(config, turn, event), event);
}

/** What the word at a place says to something; nothing changes when that is not for it. */
function answer(
  state: State,
  at: Position,
  say: (kind: StepKind, config: unknown, turn: Turn) => Outcome | null,
  event: WorkflowEvent | null = null,
): boolean {
  const step = state.definition.steps[at.stepId]!;
  const verb = step.verbs[at.verb]!;
  const outcome = say(stepKindOf(verb.kind), verb.config, turnOf(state, step, event));
  return outcome !== null && goOnWith(state, at, outcome);
}

// The zone data or the person's zone has changed: the same wait is reckoned again from the same beginning.
function recalculate(state: State): boolean {
  if (!rereckon(state)) return false;
  const { run, now } = state;
  const reason = 'the wait is reckoned again';
  state.log.push({ stepId: run.cursor, kind: run.verb ?? '', at: now, outcome: 'waiting', reason });
  return true;
}
