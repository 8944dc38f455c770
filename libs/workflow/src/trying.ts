import type { Step } from './definition.js';
import type { Outcome } from './kinds.js';
import { lengthMs, momentWords } from './reckoning.js';
import { setDue } from './state.js';
import type { State } from './state.js';
import type { RetryConfig } from './steps/retry.js';

const LONGEST_PAUSE_MS = 30 * 86_400_000;

/** After something went wrong: lets the run wait to try its word again, when the step says retry and has tries left. */
export function tryAgain(state: State, step: Step, verb: string, { reason }: Outcome): boolean {
  const { run, now, world } = state;
  const retry = step.verbs.find(({ kind }) => kind === 'retry')?.config as RetryConfig | undefined;
  const failures = (run.attempts ?? 0) + 1;
  if (!retry || failures > retry.times) return false;
  const dueAt = now + pauseMs(retry, failures);
  const again = `tried again at ${momentWords(dueAt, world.programme.zone)}, ${failures} of ${retry.times}`;
  state.log.push({
    stepId: step.id,
    kind: verb,
    at: now,
    outcome: 'retrying',
    reason: `${reason}; ${again}`,
  });
  setDue(state, dueAt);
  Object.assign(run, {
    status: 'waiting',
    verb,
    awaits: null,
    since: null,
    attempts: failures,
    reason: null,
  });
  return true;
}

function pauseMs({ after, factor = 1 }: RetryConfig, failures: number): number {
  return Math.min(Math.floor(lengthMs(after) * factor ** (failures - 1)), LONGEST_PAUSE_MS);
}
