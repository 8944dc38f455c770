import type { Outcome, Turn } from '../kinds.js';

/** To whom: one person id, or the outcome that ends the step instead. */
export type Recipient = { ok: true; to: string } | { ok: false; outcome: Outcome };

/** The person a send or an award is for: `to`, or the run's own person. Nobody is a skip with its reason, not a failure. */
export function recipientOf(to: string | undefined, turn: Turn): Recipient {
  if (to === undefined)
    return turn.run.personId === null
      ? nobody('this run has no person')
      : { ok: true, to: turn.run.personId };
  const answer = turn.ask(to);
  if (!answer.ok)
    return {
      ok: false,
      outcome: {
        outcome: 'failed',
        go: 'fail',
        reason: `"${to}" cannot be answered: ${answer.error}`,
        input: to,
      },
    };
  if (answer.value === null || answer.value === '') return nobody(`${to} is nobody`);
  if (typeof answer.value === 'string') return { ok: true, to: answer.value };
  return {
    ok: false,
    outcome: { outcome: 'failed', go: 'fail', reason: `"${to}" is no person id`, input: to },
  };
}

function nobody(reason: string): Recipient {
  return { ok: false, outcome: { outcome: 'skipped', reason } };
}
