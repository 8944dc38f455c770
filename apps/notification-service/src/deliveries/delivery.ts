/** Where a delivery stands: intended → sending → sent | failed | suppressed | ambiguous. */
export const deliveryStates = ['intended', 'sending', 'sent', 'failed', 'suppressed', 'ambiguous'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A delivery this process has claimed and now carries out. */
export interface ClaimedDelivery {
  id: string;
  intentKey: string;
  personId: string;
  template: string;
  data: Record<string, unknown>;
  /** The answers its question offers, if it asks one. */
  answers: { options: string[]; expiresAt: string } | null;
  traceparent: string | null;
  /** This attempt included. */
  attempts: number;
  /** How often it has been sent again because nobody knows whether it went out. */
  repeats: number;
  resends: number;
}

/** How one attempt ended. */
export type Outcome =
  | { kind: 'sent' }
  | { kind: 'suppressed' | 'failed'; reason: string }
  /** Not tried: nobody is disturbed at this hour of theirs. */
  | { kind: 'quiet'; until: Date }
  /** Certainly not taken; worth another attempt later. */
  | { kind: 'later'; reason: string }
  /** The connection broke after the content went over: taken or not, nobody knows. */
  | { kind: 'unknown'; reason: string };

/** What becomes of the row. */
export interface Settlement {
  state: DeliveryState;
  reason: string | null;
  /** For the timeline. */
  detail: string;
  nextAttemptAt: Date | null;
  repeats: number;
}

const MINUTE_MS = 60_000;
const BACKOFF_MS = [1, 5, 15, 60, 180].map((minutes) => minutes * MINUTE_MS);
export const MAX_ATTEMPTS = BACKOFF_MS.length + 1;
/** A mail that may or may not have gone out is repeated this often: twice the same mail is bearable, thrice is not. */
const MAX_REPEATS = 1;

/** Turns the outcome of an attempt into the next state. */
export function settle(
  delivery: Pick<ClaimedDelivery, 'attempts' | 'repeats'>,
  outcome: Outcome,
  now: Date,
): Settlement {
  const still = { nextAttemptAt: null, repeats: delivery.repeats };
  if (outcome.kind === 'sent')
    return { ...still, state: 'sent', reason: null, detail: 'the mail server has taken it' };
  if (outcome.kind === 'quiet') return settleQuiet(delivery, outcome.until);
  const { reason } = outcome;
  if (outcome.kind === 'later') return settleLater(delivery, reason, now);
  if (outcome.kind === 'unknown') return settleUnknown(delivery, reason, now);
  return { ...still, state: outcome.kind, reason, detail: reason };
}

function settleQuiet({ repeats }: Pick<ClaimedDelivery, 'repeats'>, until: Date): Settlement {
  const detail = `quiet hours: sent from ${until.toISOString()} on`;
  return { state: 'intended', reason: detail, detail, nextAttemptAt: until, repeats };
}

function settleLater(
  { attempts, repeats }: Pick<ClaimedDelivery, 'attempts' | 'repeats'>,
  reason: string,
  now: Date,
): Settlement {
  if (attempts >= MAX_ATTEMPTS) {
    const detail = `given up after ${attempts} attempts: ${reason}`;
    return { state: 'failed', reason: detail, detail, nextAttemptAt: null, repeats };
  }
  const nextAttemptAt = new Date(now.getTime() + BACKOFF_MS[attempts - 1]!);
  return {
    state: 'intended',
    reason,
    detail: `tried again at ${nextAttemptAt.toISOString()}: ${reason}`,
    nextAttemptAt,
    repeats,
  };
}

/** Also for a row whose process died between claim and result. */
export function settleUnknown(
  { repeats }: Pick<ClaimedDelivery, 'repeats'>,
  reason: string,
  now: Date,
): Settlement {
  if (repeats >= MAX_REPEATS) {
    const detail = `${reason}, and it was repeated before: it may or may not have arrived`;
    return { state: 'ambiguous', reason: detail, detail, nextAttemptAt: null, repeats };
  }
  const detail = `${reason}: repeated once with the same Message-ID`;
  return { state: 'intended', reason, detail, nextAttemptAt: now, repeats: repeats + 1 };
}
