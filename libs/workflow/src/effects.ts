import type { Need } from '#libs/expression';
import type { Run } from './run.js';

/** An item of a for_each over a list; the key is unique in its list. */
export interface Item {
  key: string;
  item: unknown;
}

/** Wake this run at an instant with `timerFired`. */
export interface SetTimer {
  type: 'setTimer';
  stepId: string;
  dueAt: number;
}

/** Forget the timer of a run that no longer waits. */
export interface ClearTimer {
  type: 'clearTimer';
  stepId: string;
}

/** Something owed to one person exactly once: `intentKey` is unique for (root run, step, branch, recipient, occurrence). */
interface Intent {
  intentKey: string;
  stepId: string;
  occurrence: number;
  /** A person id. */
  to: string;
}

/** A mail of a template with its data. */
export interface SendEffect extends Intent {
  type: 'send';
  template: string;
  data: Record<string, unknown>;
}

/** A badge or points; exactly one of the two is given. */
export interface AwardEffect extends Intent {
  type: 'award';
  badge?: string;
  points?: number;
  reason: string | null;
}

/** Make one branch run per item, or per person of the audience; when all have ended, answer with `effectSettled`. */
export interface ExpandEffect {
  type: 'expand';
  stepId: string;
  items?: Item[];
  /** A CEL condition over person, in scope 'audience'. */
  audience?: string;
  needs?: readonly Need[];
}

/** What the driver must do; it commits with the new state. */
export type Effect = SetTimer | ClearTimer | SendEffect | AwardEffect | ExpandEffect;

/** How one part of a step came out. */
export type LogOutcome =
  | 'started'
  | 'waiting'
  | 'passed'
  | 'skipped'
  | 'sent'
  | 'awarded'
  | 'expanding'
  | 'stopped'
  | 'cancelled'
  | 'failed'
  | 'done';

/** One line of a run's timeline; `reason` is one readable sentence. */
export interface LogEntry {
  stepId: string | null;
  kind: string;
  at: number;
  outcome: LogOutcome;
  reason: string;
  input?: unknown;
  output?: unknown;
}

/** The key that makes an intent unique and the same on every replay. */
export function intentKey(run: Run, stepId: string, recipient: string, occurrence: number): string {
  return [run.rootId, stepId, run.branch?.path ?? '-', recipient, occurrence].join(':');
}
