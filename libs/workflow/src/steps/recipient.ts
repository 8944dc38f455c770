import type { Outcome, Turn } from '../kinds.js';
import { failed } from './outcomes.js';

/** To whom: one person id, or the outcome that ends the step instead. */
export type Recipient = { ok: true; to: string } | { ok: false; outcome: Outcome };

/** The person a step is for: `to`, or the run's own person. Nobody is a skip with its reason, not a failure, but may be tried again. */
export function recipientOf(to: string | undefined, turn: Turn): Recipient {
  if (to === undefined)
    return turn.run.personId === null
      ? nobody('this run has no person')
      : { ok: true, to: turn.run.personId };
  const answer = turn.ask(to);
  if (!answer.ok) return { ok: false, outcome: failed(`"${to}" cannot be answered: ${answer.error}`, to) };
  if (answer.value === null || answer.value === '') return nobody(`${to} is nobody`);
  if (typeof answer.value === 'string') return { ok: true, to: answer.value };
  return { ok: false, outcome: failed(`"${to}" is no person id`, to) };
}

/** Whom something is about: as recipientOf, but a run of nobody may be about nobody. */
export function subjectOf(person: string | undefined, turn: Turn): Recipient | { ok: true; to: null } {
  return person === undefined && turn.run.personId === null
    ? { ok: true, to: null }
    : recipientOf(person, turn);
}

function nobody(reason: string): Recipient {
  return { ok: false, outcome: { outcome: 'skipped', reason, again: true } };
}
