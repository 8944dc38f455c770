import { readBounce } from './read.js';
import type { BounceReading } from './reading.js';

/** What a report says of its recipient; the fields a system leaves out are left out here. */
export interface Fields {
  status?: string;
  action?: string;
  diagnostic?: string;
  final?: string;
  original?: string;
  notice?: string;
}

export const ADDRESS = 'ada@people.example';

const lines = (...parts: (string | false)[]): string => parts.filter((part) => part !== false).join('\n');

/** A delivery status notification as RFC 3464 has it. */
export function report({
  status,
  action = 'failed',
  diagnostic,
  final = `rfc822; ${ADDRESS}`,
  original,
  notice = 'I am sorry to have to inform you that your message could not be delivered.',
}: Fields): string {
  return lines(
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.people.example (Mail Delivery System)',
    'To: voices@northwind.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b/1"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--=_b/1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    notice,
    '',
    '--=_b/1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.people.example',
    'Arrival-Date: Mon, 5 Jan 2026 09:00:00 +0000',
    '',
    original !== undefined && `Original-Recipient: ${original}`,
    `Final-Recipient: ${final}`,
    action !== '' && `Action: ${action}`,
    status !== undefined && `Status: ${status}`,
    diagnostic !== undefined && `Diagnostic-Code: ${diagnostic}`,
    '',
    '--=_b/1',
    'Content-Type: message/rfc822',
    '',
    'From: voices@northwind.example',
    `To: ${ADDRESS}`,
    'Message-ID: <0190aaaa-bbbb-8ccc-8ddd-eeeeffff0001@northwind.example>',
    'Subject: User unknown, mailbox full, spam',
    '',
    'Nobody reads a reason in here: 550 5.1.1 no such user.',
    '--=_b/1--',
  );
}

/** A report that is text only, from a mail system. */
export const notice = (head: string, body: string): string =>
  lines(
    /^from:/im.test(head) ? false : 'From: MAILER-DAEMON@mx.people.example',
    'To: voices@northwind.example',
    head.trim(),
    '',
    body,
  );

export const read = (mail: string): BounceReading => readBounce(new TextEncoder().encode(mail));

/** What the command line prints of a reading, shortened to what a table shows. */
export const shortly = ({ kind, recipient, status }: BounceReading): string =>
  `${kind} ${recipient ?? '-'} ${status ?? '-'}`;
