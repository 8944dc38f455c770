import type { TriggerKind } from '../kinds.js';
import { enters, leaves } from './audience.js';
import { badgeEarned } from './badge-earned.js';
import { boardClosed } from './board-closed.js';
import { event } from './event.js';
import { manual } from './manual.js';
import { metric } from './metric.js';
import { schedule } from './schedule.js';
import { surveyClosed } from './survey-closed.js';
import { webhook } from './webhook.js';

/** Every way a run can start; a trigger is recognised by the word that is its kind. */
export const TRIGGER_KINDS: readonly TriggerKind[] = [
  event,
  schedule,
  enters,
  leaves,
  metric,
  boardClosed,
  badgeEarned,
  surveyClosed,
  manual,
  webhook,
];

/** The kind of a trigger; a definition holds known ones only, so a missing one is a programming error. */
export function triggerKindOf(word: string): TriggerKind {
  const kind = TRIGGER_KINDS.find((k) => k.kind === word);
  if (!kind) throw new RangeError(`unknown trigger kind ${word}`);
  return kind;
}
