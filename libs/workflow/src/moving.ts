import type { Definition } from './definition.js';
import type { Run } from './run.js';
import { isRetrying } from './run.js';
import { note, positionAt, positionOf, setDue, unwait } from './state.js';
import type { State } from './state.js';
import { stepKindOf } from './steps/list.js';
import { turnOf } from './turn.js';
import { walk } from './walk.js';

/** Brings a run to a version (the state's definition is already the new one), perhaps to the beginning of a step of it. */
export function move(
  state: State,
  { version, stepId, reason }: { version: number; stepId?: string; reason: string },
): boolean {
  const { run } = state;
  if (version === run.version && stepId === undefined) return false;
  if (!fitsInto(state.definition, run, stepId)) return false;
  run.version = version;
  note(state, 'moved', reason);
  if (stepId !== undefined) return goTo(state, stepId);
  return run.status === 'waiting' ? waitOn(state) : true;
}

// Where the run stands, or is to go, must be in the part of the definition that it walks: its branch, or outside of all.
function fitsInto(definition: Definition, run: Run, stepId: string | undefined): boolean {
  const places = partOf(definition, run.branch?.stepId ?? null);
  if (stepId !== undefined) return run.cursor !== null && run.status !== 'expanding' && places.has(stepId);
  if (run.cursor === null) return run.branch === null || places.size > 0;
  return places.has(run.cursor) && (run.status !== 'expanding' || positionOf({ run, definition }) !== null);
}

/** The steps a run can come to: those of the body of a for_each, or, without one, those outside of every for_each. */
function partOf({ steps, first }: Definition, loop: string | null): Set<string> {
  const found = new Set<string>();
  const open = [loop === null ? first : (steps[loop]?.inner ?? null)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = id === null || found.has(id) ? undefined : steps[id];
    if (!step) continue;
    found.add(step.id);
    const loops = step.verbs.some(({ kind }) => kind === 'for_each');
    open.push(step.next, step.otherwise, ...(step.ways ?? []), loops ? null : step.inner);
  }
  return found;
}

function goTo(state: State, stepId: string): true {
  unwait(state);
  Object.assign(state.run, { cursor: null, attempts: 0, reason: null });
  return walk(state, positionAt(stepId));
}

// It stays where it is, by the new settings; a word that the step has no more lets it do the step anew.
function waitOn(state: State): true {
  const at = positionOf(state);
  if (at) {
    rereckon(state);
    return true;
  }
  const { cursor } = state.run;
  unwait(state);
  state.run.attempts = 0;
  return walk(state, positionAt(cursor));
}

/** Reckons the wait of a run again from its same beginning; whether anything has changed. */
export function rereckon(state: State): boolean {
  const { run, definition } = state;
  const at = positionOf(state);
  const step = definition.steps[run.cursor ?? ''];
  const verb = at === null ? undefined : step?.verbs[at.verb];
  if (!step || !verb || isRetrying(run)) return false;
  const waiting = stepKindOf(verb.kind).waiting(verb.config, turnOf(state, step));
  if (!waiting) return false;
  const before = run.dueAt;
  const sameAwaits = JSON.stringify(waiting.awaits) === JSON.stringify(run.awaits ?? null);
  if (waiting.dueAt === before && sameAwaits) return false;
  setDue(state, waiting.dueAt);
  run.awaits = waiting.awaits;
  return true;
}

/** Passes over the step at which a run waits or has failed. */
export function skip(state: State, reason: string): boolean {
  const { run, definition } = state;
  const step = definition.steps[run.cursor ?? ''];
  if (!step || (run.status !== 'waiting' && run.status !== 'failed')) return false;
  const kind = run.verb ?? 'run';
  state.log.push({ stepId: step.id, kind, at: state.now, outcome: 'skipped', reason });
  unwait(state);
  Object.assign(run, { attempts: 0, reason: null });
  return walk(state, positionAt(step.next));
}

/** Does again what has failed, at once, be it the end of the run or only waiting for its next try. */
export function retryNow(state: State, reason: string): boolean {
  const { run } = state;
  const at = positionOf(state);
  if (!at || (run.status !== 'failed' && !isRetrying(run))) return false;
  const kind = run.verb ?? 'run';
  state.log.push({ stepId: at.stepId, kind, at: state.now, outcome: 'retrying', reason });
  unwait(state);
  run.reason = null;
  return walk(state, at);
}
