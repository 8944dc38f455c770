import { didYouMean } from '#libs/expression';
import { report } from './checking.js';
import type { Checking } from './checking.js';
import type { Step } from './definition.js';
import type { StepMention } from './kinds.js';

/** A step named by the settings of another. */
export interface Mentioned {
  from: string;
  mention: StepMention;
}

interface Read {
  steps: Record<string, Step>;
  order: string[];
}

/** Checks the steps that steps name, once all are read. */
export function checkMentions(
  mentions: readonly Mentioned[],
  { steps, order }: Read,
  checking: Checking,
): void {
  for (const { from, mention } of mentions) {
    const mistake = mistakeOf(from, mention, steps, order);
    if (mistake) report(checking, mention.path, mistake.message, mistake.mend);
  }
}

function mistakeOf(
  from: string,
  { id, as }: StepMention,
  steps: Read['steps'],
  order: string[],
): { message: string; mend: string } | null {
  if (as === 'fresh')
    return steps[id]
      ? { message: `${id} is a step, whose result has that name`, mend: 'choose another name' }
      : null;
  if (!steps[id]) return { message: `there is no step ${id}`, mend: didYouMean(id, order) };
  if (as === 'hold') return holdMistake(from, id, steps, order);
  return leadsTo(steps, from, id)
    ? null
    : {
        message: `the way from ${from} does not lead on to ${id}`,
        mend: 'name a step further down, not one before it or inside another step',
      };
}

function holdMistake(
  from: string,
  id: string,
  steps: Read['steps'],
  order: string[],
): { message: string; mend: string } | null {
  if (!steps[id]?.verbs.some(({ kind }) => kind === 'hold'))
    return { message: `the step ${id} holds nothing`, mend: 'name a step with hold:' };
  return order.indexOf(id) < order.indexOf(from)
    ? null
    : { message: `the step ${id} comes later`, mend: 'hold first, then release or revoke' };
}

// What follows a step at its own level and the levels around it; a way there can only lead forward.
function leadsTo(steps: Read['steps'], from: string, to: string): boolean {
  for (let next = steps[from]?.next ?? null; next !== null; next = steps[next]?.next ?? null)
    if (next === to) return true;
  return false;
}
