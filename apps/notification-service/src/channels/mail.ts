import { createHash } from 'node:crypto';
import type { ProgrammeSettings } from '#libs/contracts';
import type { Invitation } from './calendar.js';
import type { Letter } from '../templates/writer.js';

/** A mail before its words: to whom, from whom, under which id. */
export interface MailFrame {
  messageId: string;
  date: Date;
  from: { name: string; address: string };
  to: { name: string; address: string };
  headers: Record<string, string>;
  /** An entry for the calendar, as a part of its own beside text and HTML. */
  icalEvent?: Invitation;
}

/** A mail in its parts. */
export interface WordedMail extends MailFrame {
  subject: string;
  html: string;
  text: string;
}

/** A mail ready for the transport: in its parts, or as the bytes that a thread has made of them. */
export type Mail = WordedMail | (MailFrame & { raw: Uint8Array });

export interface FrameParts {
  delivery: { id: string; intentKey: string; template: string };
  to: { name: string; email: string };
  unsubscribeUrl: string;
  programme: Pick<ProgrammeSettings, 'sender'>;
  /** Of the domain clock: a mail written on virtual time is dated so. */
  date: Date;
  invitation?: Invitation | undefined;
}

/** The mail cannot be built from what is known; no attempt will change that. */
export class MailRefused extends Error {}

/** Addresses a mail. Throws MailRefused for an address or header value that could smuggle headers. */
export function frameOf(parts: FrameParts): MailFrame {
  const { delivery, to, unsubscribeUrl, programme, date, invitation } = parts;
  const { sender } = programme;
  if (!/^[^\s\p{Cc}@<>,;:"()[\]\\]+@[^\s\p{Cc}@<>,;:"()[\]\\]+$/u.test(to.email))
    throw new MailRefused('the address is not a mail address');
  const domain = sender.email.split('@')[1]!;
  return {
    // Stable, so that a repeated mail can be recognised as the same one.
    messageId: `<${delivery.id}@${domain}>`,
    date,
    from: { name: safe('sender name', sender.name), address: sender.email },
    to: { name: safe('name', to.name), address: to.email },
    ...(invitation && { icalEvent: invitation }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `<voices.${domain}>`,
      'List-Unsubscribe': `<${safe('unsubscribe link', unsubscribeUrl)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'X-Laurel-Template': safe('template', delivery.template),
      // A hash: the intent key names run, step and recipient, which is nobody's business on the way.
      'X-Laurel-Intent': createHash('sha256').update(delivery.intentKey).digest('hex').slice(0, 32),
    },
  };
}

/** Puts a letter into its frame. Throws MailRefused for a subject that could smuggle headers. */
export function inFrame(frame: MailFrame, letter: Letter): WordedMail {
  return {
    ...frame,
    subject: safe('subject', letter.subject),
    html: letter.html,
    text: letter.text,
    headers: { 'Content-Language': letter.locale, ...frame.headers },
  };
}

/** RFC 5322: a bare line break in a value would start a header of somebody else's choosing. */
function safe(what: string, value: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  if (/[\r\n\u0000]/.test(value))
    throw new MailRefused(`the ${what} holds a line break or NUL, which a header must not`);
  return value;
}
