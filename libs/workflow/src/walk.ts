import type { Step } from './definition.js';
import type { Outcome } from './kinds.js';
import { end, positionAt, setDue, unwait } from './state.js';
import type { Position, State } from './state.js';
import { stepKindOf } from './steps/list.js';
import { tryAgain } from './trying.js';
import { turnOf } from './turn.js';

/** Where a run goes on: a word, nowhere any more (null), or it stays. */
type Next = Position | null | 'stays';

/** Does word after word until the run has to wait or is at an end; ways only lead forward, so this ends. */
export function walk(state: State, from: Position | null): true {
  return goOn(state, from);
}

/** Takes what a word at a place has answered, and walks on from there. */
export function goOnWith(state: State, at: Position, outcome: Outcome): true {
  return goOn(state, take(state, at, outcome));
}

function goOn(state: State, from: Next): true {
  let at = from;
  while (at !== null && at !== 'stays') at = doWord(state, at);
  return at === null ? end(state, 'done', null) : true;
}

function doWord(state: State, at: Position): Next {
  const step = state.definition.steps[at.stepId];
  if (!step) return stays(end(state, 'failed', `there is no step ${at.stepId}`));
  if (at.verb === 0) arrive(state, step);
  const verb = step.verbs[at.verb];
  if (!verb) return positionAt(step.next);
  const kind = stepKindOf(verb.kind);
  if (kind.role === 'modifier') return { ...at, verb: at.verb + 1 };
  return take(state, at, kind.advance(verb.config, turnOf(state, step)));
}

// A wait reckoned again comes here too; it keeps the moment it first came to the step.
function arrive({ run, now }: State, step: Step): void {
  if (run.cursor === step.id) return;
  run.cursor = step.id;
  run.cursorSince = now;
}

function take(state: State, at: Position, outcome: Outcome): Next {
  const { run } = state;
  const step = state.definition.steps[at.stepId]!;
  const verb = step.verbs[at.verb]!.kind;
  if ((outcome.go === 'fail' || outcome.again === true) && tryAgain(state, step, verb, outcome))
    return 'stays';
  record(state, step, verb, outcome);
  if (outcome.vars) run.vars = { ...run.vars, ...outcome.vars };
  if (outcome.go === 'stay') return stays(stay(state, verb, outcome));
  if (outcome.go === 'fail') return stays(fail(state, step, verb, outcome.reason));
  if (outcome.go === 'stop') return stays(end(state, 'stopped', outcome.reason));
  unwait(state);
  run.attempts = 0;
  return follow(step, at, outcome);
}

const stays = (_done: true): 'stays' => 'stays';

function follow(step: Step, at: Position, { go = 'on', target = null }: Outcome): Position | null {
  if (go === 'to') return positionAt(target);
  if (go === 'inner') return positionAt(step.inner);
  if (go === 'otherwise') return positionAt(step.otherwise);
  return go === 'over' ? positionAt(step.next) : { ...at, verb: at.verb + 1 };
}

function record(state: State, step: Step, kind: string, outcome: Outcome): void {
  const { outcome: how, reason, input, output } = outcome;
  const detail = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
  if (outcome.quiet !== true)
    state.log.push({ stepId: step.id, kind, at: state.now, outcome: how, reason, ...detail });
  state.effects.push(...(outcome.effects ?? []));
}

function stay(
  state: State,
  verb: string,
  { status = 'waiting', dueAt = null, awaits = null }: Outcome,
): true {
  const { run, now } = state;
  const since = run.verb === verb && run.since != null ? run.since : now;
  setDue(state, dueAt);
  // What waits for an instant of its own has not failed; what waits for an answer may yet.
  const attempts = dueAt === null ? (run.attempts ?? 0) : 0;
  Object.assign(run, { status, verb, awaits, since, attempts, reason: null });
  return true;
}

function fail(state: State, step: Step, verb: string, reason: string): true {
  const { run } = state;
  Object.assign(run, { verb, attempts: (run.attempts ?? 0) + 1 });
  return end(state, 'failed', `${step.id}: ${reason}`);
}
