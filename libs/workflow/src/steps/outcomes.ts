import type { Outcome, StepMention } from '../kinds.js';

/** A word that cannot be done: the run fails, unless the step says retry. */
export function failed(reason: string, input: unknown): Outcome {
  return { outcome: 'failed', go: 'fail', reason, input };
}

/** A word that had nothing to do, with the reason; the run goes on. */
export function skipped(reason: string, input?: unknown): Outcome {
  return { outcome: 'skipped', reason, input };
}

const WORDS = ['continue', 'stop', 'fail'];

/** The way on that `on_timeout` or `on_error` names: on, the end of the run, its failure, or a step further down. */
export function way(name: string | undefined): Pick<Outcome, 'go' | 'target'> {
  if (name === undefined || name === 'continue') return { go: 'on' };
  if (name === 'stop' || name === 'fail') return { go: name };
  return { go: 'to', target: name };
}

/** The step that `on_timeout` or `on_error` names, if it names one. */
export function wayMentions(word: string, name: string | undefined): StepMention[] {
  return name === undefined || WORDS.includes(name) ? [] : [{ path: [word], id: name, as: 'target' }];
}
