import { createHash } from 'node:crypto';
import type { CalendarEntry } from '../channels/calendar.js';
import type { Handed } from '../channels/channel.js';

/** Where a delivery stands: intended → sending → sent | failed | suppressed | ambiguous. */
export const deliveryStates = ['intended', 'sending', 'sent', 'failed', 'suppressed', 'ambiguous'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A delivery this process has claimed and now carries out. */
export interface ClaimedDelivery {
  id: string;
  intentKey: string;
  /** Null: it is for a channel. */
  personId: string | null;
  /** The channel of the programme it is posted to; null: a person gets it. */
  channel: string | null;
  template: string;
  data: Record<string, unknown>;
  /** An entry for the recipient's calendar. */
  calendar: CalendarEntry | null;
  /** The answers its question offers, if it asks one. */
  answers: { options: string[]; expiresAt: string } | null;
  traceparent: string | null;
  /** This attempt included. */
  attempts: number;
  /** How often it has been sent again because nobody knows whether it went out. */
  repeats: number;
  resends: number;
  /** When it was asked for, or last sent again by hand. */
  requestedAt: Date;
  /** It waited for a digest. */
  held: boolean;
  /** The delivery that leads the mail it went out with before. */
  bundle: string | null;
  /** It has its place among the mails of the week already. */
  counted: boolean;
  /** The version of the template it was written with in this attempt, once it was. */
  templateVersion?: number;
}

/** A delivery to a person. */
export type PersonalDelivery = ClaimedDelivery & { personId: string };
export const isPersonal = (delivery: ClaimedDelivery): delivery is PersonalDelivery =>
  delivery.personId !== null;

/** How one attempt ended. */
export type Outcome =
  | Handed
  | { kind: 'suppressed'; reason: string }
  /** Not tried: its time has not come; `held` waits for the digest. */
  | { kind: 'waits'; until: Date; reason: string; held: boolean };

/** What becomes of the row. */
export interface Settlement {
  state: DeliveryState;
  reason: string | null;
  /** For the timeline. */
  detail: string;
  nextAttemptAt: Date | null;
  repeats: number;
  held: boolean;
  /** False: what was claimed was not even tried, so the attempt does not count. */
  tried: boolean;
}

const MINUTE_MS = 60_000;
const BACKOFF_MS = [1, 5, 15, 60, 180].map((minutes) => minutes * MINUTE_MS);
export const MAX_ATTEMPTS = BACKOFF_MS.length + 1;
/** A mail that may or may not have gone out is repeated this often: twice the same mail is bearable, thrice is not. */
const MAX_REPEATS = 1;

type Standing = Pick<ClaimedDelivery, 'id' | 'attempts' | 'repeats' | 'held'>;

/**
 * Turns the outcome of an attempt into the next state. `lead` is the first of those that share a mail: they are tried again at
 * its time, for one that came back earlier would go alone, as another mail.
 */
export function settle(
  delivery: Standing,
  outcome: Outcome,
  now: Date,
  lead: Pick<Standing, 'id' | 'attempts'> = delivery,
): Settlement {
  const still = { nextAttemptAt: null, repeats: delivery.repeats, held: false, tried: true };
  if (outcome.kind === 'sent')
    return { ...still, state: 'sent', reason: null, detail: 'the mail server has taken it' };
  const { reason } = outcome;
  if (outcome.kind === 'waits') return settleWaiting(delivery, outcome);
  if (outcome.kind === 'later') return settleLater({ ...lead, repeats: delivery.repeats }, outcome, now);
  if (outcome.kind === 'unknown') return settleUnknown(delivery, reason, now);
  return { ...still, state: outcome.kind, reason, detail: reason };
}

function settleWaiting(
  { repeats }: Standing,
  { until, reason, held }: Extract<Outcome, { kind: 'waits' }>,
): Settlement {
  const detail = `${reason}: sent from ${until.toISOString()} on`;
  return { state: 'intended', reason: detail, detail, nextAttemptAt: until, repeats, held, tried: false };
}

function settleLater(
  { id, attempts, repeats }: Omit<Standing, 'held'>,
  { reason, notBefore }: Extract<Outcome, { kind: 'later' }>,
  now: Date,
): Settlement {
  const still = { repeats, held: false, tried: true };
  if (attempts >= MAX_ATTEMPTS) {
    const detail = `given up after ${attempts} attempts: ${reason}`;
    return { ...still, state: 'failed', reason: detail, detail, nextAttemptAt: null };
  }
  const nextAttemptAt = new Date(Math.max(now.getTime() + backoff(id, attempts), notBefore?.getTime() ?? 0));
  const detail = `tried again at ${nextAttemptAt.toISOString()}: ${reason}`;
  return { ...still, state: 'intended', reason, detail, nextAttemptAt };
}

/** Up to a fifth longer than planned, by the id of who leads: mails that were refused together do not all come back together. */
export function backoff(id: string, attempts: number): number {
  const part = createHash('sha256').update(`${id}:${attempts}`).digest().readUInt16BE() / 0x1_0000;
  return Math.round(BACKOFF_MS[attempts - 1]! * (1 + part / 5));
}

/** Also for a row whose process died between claim and result. */
export function settleUnknown(
  { repeats, held }: Pick<Standing, 'repeats' | 'held'>,
  reason: string,
  now: Date,
): Settlement {
  const still = { held, tried: true };
  if (repeats >= MAX_REPEATS) {
    const detail = `${reason}, and it was repeated before: it may or may not have arrived`;
    return {
      ...still,
      state: 'ambiguous',
      reason: detail,
      detail,
      nextAttemptAt: null,
      repeats,
      held: false,
    };
  }
  const detail = `${reason}: repeated once under the same id`;
  return { ...still, state: 'intended', reason, detail, nextAttemptAt: now, repeats: repeats + 1 };
}
