import type { StepKind } from '../kinds.js';
import { award } from './award.js';
import { condition } from './if.js';
import { forEach } from './for-each.js';
import { send } from './send.js';
import { wait } from './wait.js';

/** Every word a step can hold, in the order they are done within one step: first wait, then if, then what is done. */
export const STEP_KINDS: readonly StepKind[] = [wait, condition, award, send, forEach];

/** The kind of a word; a definition holds known words only, so a missing one is a programming error. */
export function stepKindOf(word: string): StepKind {
  const kind = STEP_KINDS.find((k) => k.kind === word);
  if (!kind) throw new RangeError(`unknown step kind ${word}`);
  return kind;
}
