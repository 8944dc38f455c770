import type { Priority } from './manner.js';

/** A delivery that is due, as far as the plan needs to know it; instants are epoch milliseconds. */
export interface DueMail {
  id: string;
  priority: Priority;
  requestedAt: number;
  /** Its reader wants the topic in the digest. */
  wished: boolean;
  /** It has waited for its digest, and the moment has come. */
  held: boolean;
  /** It goes out again: its place among the mails of the week is taken already. */
  counted: boolean;
  /** The mail it goes out again with, named by the delivery that leads it. */
  bundle: string | null;
}

/** What holds for one person at one moment. */
export interface Allowance {
  now: number;
  /** So many mails in any so many milliseconds; null: any number. */
  cap: { mails: number; windowMs: number } | null;
  /** When mails went out that count. */
  counted: readonly number[];
  /** The next moment of the person's digest; null: the person gets none. */
  digestAt: number | null;
}

/** What becomes of due deliveries: together in one mail (the first leads), later, or not at all. */
export type Step =
  | { go: 'now'; ids: string[]; counts: boolean }
  | { go: 'later'; id: string; until: number; held: boolean; why: 'cap' | 'wish' }
  | { go: 'never'; id: string };

/**
 * Plans the due deliveries of one person; each stands in exactly one step.
 * Urgent ones go, and count for nothing. What was gathered goes as one mail, before anything newer. Low ones that fall together
 * share a mail. What is over the cap waits for the digest; without one, normal ones wait for the next free place and low ones are
 * not sent. So a person gets no more counted mails in any window than the cap allows, and nothing waits for ever.
 */
export function planMails(due: readonly DueMail[], allowance: Allowance): Step[] {
  const { digestAt } = allowance;
  const again = due.filter(({ counted, bundle }) => counted || bundle !== null);
  const fresh = due.filter((mail) => !again.includes(mail)).toSorted(oldestFirst);
  const urgent = fresh.filter(({ priority }) => priority === 'urgent');
  const others = fresh.filter(({ priority }) => priority !== 'urgent');
  const gathered = others.filter(({ held }) => held && digestAt !== null);
  const wished = others.filter(({ held, wished: wish }) => !held && wish && digestAt !== null);
  const rest = others.filter((mail) => !gathered.includes(mail) && !wished.includes(mail));
  return [
    ...bundlesOf(again.toSorted(oldestFirst)),
    ...urgent.map(({ id }): Step => ({ go: 'now', ids: [id], counts: false })),
    ...wished.map(({ id }): Step => ({ go: 'later', id, until: digestAt!, held: true, why: 'wish' })),
    ...withinCap([gathered, ...singles(rest), lows(rest)], allowance),
  ];
}

const oldestFirst = (a: DueMail, b: DueMail): number =>
  a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1);

const isLow = ({ priority }: DueMail): boolean => priority === 'low';
const lows = (mails: readonly DueMail[]): DueMail[] => mails.filter(isLow);
const singles = (mails: readonly DueMail[]): DueMail[][] =>
  mails.filter((mail) => !isLow(mail)).map((mail) => [mail]);

function bundlesOf(again: readonly DueMail[]): Step[] {
  const bundles = new Map<string, string[]>();
  for (const { id, bundle } of again) bundles.set(bundle ?? id, [...(bundles.get(bundle ?? id) ?? []), id]);
  return [...bundles.values()].map((ids) => ({ go: 'now', ids, counts: false }));
}

/** Groups in their order, as far as the cap has room; each that goes is one mail. */
function withinCap(groups: readonly DueMail[][], allowance: Allowance): Step[] {
  const { cap, now } = allowance;
  const taken = cap === null ? [] : allowance.counted.filter((at) => at > now - cap.windowMs);
  const steps: Step[] = [];
  for (const group of groups.filter(({ length }) => length > 0)) {
    if (cap !== null && taken.length >= cap.mails) {
      steps.push(...group.map((mail) => postpone(mail, freeAt(taken, cap), allowance)));
      continue;
    }
    taken.push(now);
    steps.push({ go: 'now', ids: group.map(({ id }) => id), counts: true });
  }
  return steps;
}

/** When the oldest of the mails falls out of the window that keeps the next one waiting. */
const freeAt = (taken: readonly number[], { mails, windowMs }: NonNullable<Allowance['cap']>): number =>
  taken.toSorted((a, b) => a - b)[taken.length - mails]! + windowMs;

function postpone({ id, priority, held }: DueMail, free: number, { digestAt }: Allowance): Step {
  // What has waited for its digest already goes with the first free place.
  if (digestAt !== null)
    return { go: 'later', id, until: held ? free : Math.max(free, digestAt), held: true, why: 'cap' };
  if (priority === 'low') return { go: 'never', id };
  return { go: 'later', id, until: free, held: false, why: 'cap' };
}
