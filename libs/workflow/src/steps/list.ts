import type { StepKind } from '../kinds.js';
import { ask } from './ask.js';
import { award } from './award.js';
import { call } from './call.js';
import { choose } from './choose.js';
import { collect } from './collect.js';
import { emit } from './emit.js';
import { forEach } from './for-each.js';
import { hold } from './hold.js';
import { condition } from './if.js';
import { post } from './post.js';
import { publish } from './publish.js';
import { retry } from './retry.js';
import { revoke } from './revoke.js';
import { send } from './send.js';
import { set } from './set.js';
import { start } from './start.js';
import { stop } from './stop.js';
import { throttle } from './throttle.js';
import { waitFor } from './wait-for.js';
import { wait } from './wait.js';

/** Every word a step can hold, in the order they are done within one step: wait, if, throttle, and then one action, perhaps with retry. */
export const STEP_KINDS: readonly StepKind[] = [
  wait,
  condition,
  throttle,
  retry,
  waitFor,
  choose,
  forEach,
  send,
  post,
  award,
  revoke,
  hold,
  ask,
  collect,
  call,
  emit,
  set,
  publish,
  start,
  stop,
];

const BY_WORD = new Map(STEP_KINDS.map((kind) => [kind.kind, kind]));

/** The kind of a word; a definition holds known words only, so a missing one is a programming error. */
export function stepKindOf(word: string): StepKind {
  const kind = BY_WORD.get(word);
  if (!kind) throw new RangeError(`unknown step kind ${word}`);
  return kind;
}
