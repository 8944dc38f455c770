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

/** Something to be done exactly once: `intentKey` is unique for (root run, step, branch, recipient, occurrence). */
interface Intent {
  intentKey: string;
  stepId: string;
  occurrence: number;
}

/** An intent owed to one person. */
interface Owed extends Intent {
  /** A person id. */
  to: string;
}

/** An entry for somebody's calendar; one with the same uid moves it, or takes it away. */
export interface CalendarEntry {
  uid: string;
  /** ISO instants. */
  starts: string;
  ends: string;
  summary: string;
  location: string | null;
  url: string | null;
  cancelled: boolean;
}

/** A mail of a template with its data. */
export interface SendEffect extends Owed {
  type: 'send';
  template: string;
  data: Record<string, unknown>;
  calendar?: CalendarEntry;
}

/** A message of a template to a channel of the programme. */
export interface PostEffect extends Intent {
  type: 'post';
  channel: string;
  template: string;
  data: Record<string, unknown>;
}

/** A badge, points, the approval of a claimed reward, or held points given back; exactly one of the four is given. */
export interface AwardEffect extends Owed {
  type: 'award';
  badge?: string;
  points?: number;
  /** The id of a claim on a reward. */
  claim?: string;
  /** The id of a hold. */
  hold?: string;
  reason: string | null;
}

/**
 * Take back a badge of a person (`badge` with `to`), ledger entries, what a hold has set aside (`held`, its intent key, or
 * `hold`, its id), or decline a claimed reward.
 */
export interface RevokeEffect extends Intent {
  type: 'revoke';
  badge?: string;
  to?: string;
  entries?: string[];
  held?: string;
  /** The id of a claim on a reward. */
  claim?: string;
  /** The id of a hold. */
  hold?: string;
  reason: string | null;
}

/**
 * Set points aside until they are released or revoked by this intent's key: those of ledger entries, or what a rule has given
 * a person in a window. With `appeal`, the id of a hold, note what the person says against it instead.
 */
export interface HoldEffect extends Intent {
  type: 'hold';
  entries?: string[];
  gains?: { rule: string; window: string; personId: string };
  appeal?: string;
  reason: string | null;
}

/** Give back what the hold of this intent key has set aside; once, whoever asks. */
export interface ReleaseEffect extends Intent {
  type: 'release';
  held: string;
  reason: string | null;
}

/** A question by mail with one signed link for each answer; `answer.given` with the askId ends the wait. */
export interface AskEffect extends Owed {
  type: 'ask';
  askId: string;
  template: string;
  question: string | null;
  data: Record<string, unknown>;
  /** Empty when the survey knows the answers. */
  answers: string[];
  survey: string | null;
  expiresAt: number;
}

/** A signed HTTPS call; answered by `effectSettled` with `{ ok, status, body, error }`. A retry has the same key and the next attempt. */
export interface CallEffect extends Intent {
  type: 'call';
  attempt: number;
  url: string;
  body: Record<string, unknown>;
}

/** Record an activity of a type of the programme. */
export interface EmitEffect extends Intent {
  type: 'emit';
  event: string;
  personId: string | null;
  data: Record<string, unknown>;
  /** How many workflows have led to this one after another. */
  depth: number;
}

/** Start another workflow; `event` is the data of its `workflow.started`. */
export interface StartEffect extends Intent {
  type: 'start';
  workflow: string;
  personId: string | null;
  key: string | null;
  event: Record<string, unknown>;
}

/** End living runs of another workflow or of all, by key or by person, but none of this root run. */
export interface StopEffect extends Intent {
  type: 'stop';
  workflow: string;
  personId: string | null;
  key: string | null;
  exceptRootId: string;
  reason: string;
}

/** Close the open round of a survey, or publish a waiting post. */
export interface PublishEffect extends Intent {
  type: 'publish';
  survey?: string;
  post?: string;
}

/** Ask for a place under a limit; answered by `effectSettled` with `{ dueAt }`, the instant of the place. */
export interface ThrottleEffect {
  type: 'throttle';
  stepId: string;
  /** Counted apart for each; empty when all share the limit. */
  key: string;
  limit: number;
  perMs: number;
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
export type Effect =
  | SetTimer
  | ClearTimer
  | SendEffect
  | PostEffect
  | AwardEffect
  | RevokeEffect
  | HoldEffect
  | ReleaseEffect
  | AskEffect
  | CallEffect
  | EmitEffect
  | StartEffect
  | StopEffect
  | PublishEffect
  | ThrottleEffect
  | ExpandEffect;

/** How one part of a step came out. */
export type LogOutcome =
  | 'started'
  | 'waiting'
  | 'passed'
  | 'skipped'
  | 'sent'
  | 'awarded'
  | 'revoked'
  | 'held'
  | 'released'
  | 'appealed'
  | 'asked'
  | 'called'
  | 'emitted'
  | 'published'
  | 'heard'
  | 'timed_out'
  | 'retrying'
  | 'expanding'
  | 'moved'
  | 'paused'
  | 'resumed'
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

/** The key that makes an intent unique and the same on every replay; without a recipient '-' stands for it. */
export function intentKey(run: Run, stepId: string, recipient: string | null, occurrence: number): string {
  return [run.rootId, stepId, run.branch?.path ?? '-', recipient ?? '-', occurrence].join(':');
}

/** The parts every intent of a step has; a step comes to its intent once in a run, so the occurrence is the first. */
export function intentOf(run: Run, stepId: string, recipient: string | null): Intent {
  return { intentKey: intentKey(run, stepId, recipient, 1), stepId, occurrence: 1 };
}
