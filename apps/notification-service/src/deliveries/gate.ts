import { afterQuietHours } from '#libs/calendar';
import type { ProgrammeSettings } from '#libs/contracts';
import type { Manner } from '../pacing/manner.js';
import { calendarOf, nextWorkingMoment } from '../pacing/moments.js';
import type { Recipient } from '../recipients/recipients.query.js';
import type { ClaimedDelivery, Outcome, PersonalDelivery } from './delivery.js';
import { isUuid } from './enrichment.js';

/** What could not go out for so long, whatever the reason, is not sent any more. */
const MAX_WAIT_MS = 30 * 86_400_000;

/** What decides whether a delivery may go out at all, and at this hour. */
export interface Gate {
  to: Recipient | undefined;
  manner: Manner;
  links: ReadonlyMap<string, string>;
  settings: ProgrammeSettings;
  now: Date;
}

/** Why a delivery does not go out now: suppressed, or waiting for its hour; null when nothing keeps it. */
export function keptBy(delivery: PersonalDelivery, gate: Gate): Outcome | null {
  const { to, manner, links, now } = gate;
  const reason =
    refusal(to, now) ??
    unwanted(to, manner) ??
    withoutLink(delivery, links) ??
    tooLate(delivery, manner, now);
  if (reason !== null) return { kind: 'suppressed', reason };
  return to ? unfitHour(delivery, to, gate) : null;
}

/** Why this person gets no mail, or null. */
export function refusal(person: Recipient | undefined, now: Date): string | null {
  if (!person) return 'there is no such person';
  if (!person.active) return 'the person is no longer active';
  if (!person.consentsMail) return 'the person does not consent to programme mail';
  if (person.unsubscribedAt) return 'the person unsubscribed';
  if (person.suppressed) return person.suppressed;
  if (person.pausedUntil && person.pausedUntil > now)
    return `the person wants no mails until ${person.pausedUntil.toISOString()}`;
  return null;
}

function unwanted(to: Recipient | undefined, { topic }: Manner): string | null {
  return to?.topics[topic] === 'off' ? `the person wants no mails about ${topic}` : null;
}

function withoutLink({ data }: PersonalDelivery, links: ReadonlyMap<string, string>): string | null {
  const missing = (field: string): boolean => isUuid(data[field]) && !links.has(data[field]);
  if (missing('plannedShareId')) return 'the share was called off';
  if (!missing('invitationId')) return null;
  return 'the invitation is accepted or has expired';
}

/** A question that can no longer be answered is not asked, and a reminder of last week is no reminder. */
function tooLate(delivery: PersonalDelivery, manner: Manner, now: Date): string | null {
  const { answers } = delivery;
  if (answers && new Date(answers.expiresAt) <= now) return 'the time to answer is over';
  return expired(delivery, manner, now);
}

/** That the time is over in which something is worth reading, or null. */
export function expired({ requestedAt }: ClaimedDelivery, manner: Manner, now: Date): string | null {
  const expires = requestedAt.getTime() + Math.min(manner.expires_after ?? MAX_WAIT_MS, MAX_WAIT_MS);
  return now.getTime() >= expires
    ? `expired: it would have come too late after ${new Date(expires).toISOString()}`
    : null;
}

/** Nobody is disturbed in the programme's quiet hours where they live, nor on a free day when the programme keeps to working days. */
function unfitHour(
  delivery: PersonalDelivery,
  to: Recipient,
  { manner, settings, now }: Gate,
): Outcome | null {
  const { quiet_hours: quiet, mail } = settings;
  const ms = now.getTime();
  const awake = quiet ? afterQuietHours(ms, to.zone, quiet) : ms;
  if (awake > ms) return waiting(delivery, awake, 'quiet hours');
  if (mail?.days !== 'working' || manner.priority === 'urgent') return null;
  const working = nextWorkingMoment(ms, calendarOf(to, settings));
  return working > ms ? waiting(delivery, working, 'no working day') : null;
}

/** What has waited for its digest still does. */
const waiting = ({ held }: PersonalDelivery, until: number, reason: string): Outcome => ({
  kind: 'waits',
  until: new Date(until),
  reason,
  held,
});
