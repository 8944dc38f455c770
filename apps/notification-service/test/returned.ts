import { createTransport } from 'nodemailer';
import type { Received } from './mailbox.js';

/** What a mail server says of a mail it could not deliver. */
export interface Failure {
  status?: string;
  action?: string;
  diagnostic?: string;
}

const lines = (...parts: string[]): string => `${parts.join('\r\n')}\r\n`;

/** The report (RFC 3464) a mail server writes to the return path of a mail; `returned` is the head it returns. */
export function reportOf(
  { from, to }: Pick<Received, 'from' | 'to'>,
  { status = '5.1.1', action = 'failed', diagnostic = '550 5.1.1 User unknown' }: Failure = {},
  returned = 'Subject: Hello',
): string {
  return lines(
    'From: MAILER-DAEMON@mx.people.example (Mail Delivery System)',
    `To: ${from}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    '',
    '--B',
    'Content-Type: text/plain',
    '',
    'This is the mail system at host mx.people.example.',
    '--B',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.people.example',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '--B',
    'Content-Type: text/rfc822-headers',
    '',
    returned,
    '--B--',
  );
}

/** A reader's complaint (RFC 5965) about a mail. */
export const complaintOf = ({ to, messageId }: Received): string =>
  lines(
    'From: fbl@provider.example',
    'To: fbl@northwind.example',
    'Subject: FW: Hello',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="B"',
    '',
    '--B',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'Version: 1',
    `Original-Rcpt-To: ${to}`,
    '--B',
    'Content-Type: message/rfc822',
    '',
    `To: ${to}`,
    `Message-ID: ${messageId}`,
    '--B--',
  );

/** Hands a mail over by SMTP as another mail server would; rejects with what the server answers. */
export async function handOver(port: number, to: string | string[], raw: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from: '', to }, raw });
  } finally {
    transport.close();
  }
}
