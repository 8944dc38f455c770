import { addressIn } from './address.js';
import { header, headersOf, splitHead } from './headers.js';
import { bodyOf, embedded, leavesOf } from './part.js';
import type { Part } from './part.js';

/** A reader's complaint, told by their mail provider (RFC 5965). */
export interface Complaint {
  /** False for reports of machines: not-spam, auth-failure, dmarc. */
  byReader: boolean;
  recipient: string | null;
  /** abuse, fraud, virus, opt-out … */
  type: string;
}

const BY_READERS = /^(abuse|fraud|virus|opt-?out|opt-out-list|miscategorized|other|complaint|unsubscribe)/;
const RETURNED_TYPES = /^(message\/rfc822|text\/rfc822-?headers|message\/global)/;

/** Reads a feedback report; null for any other mail. */
export function readComplaint(mail: Part): Complaint | null {
  const leaves = leavesOf(mail);
  const report = leaves.find(({ type }) => type === 'message/feedback-report');
  if (report) return fromReport(report, returnedHead(leaves));
  return isMicrosoft(mail)
    ? { byReader: true, recipient: recipientOf(returnedHead(leaves)), type: 'abuse' }
    : null;
}

type Head = ReturnType<typeof splitHead>['headers'];

function fromReport(report: Part, returned: Head): Complaint {
  const { headers } = splitHead(bodyOf(report).trimStart());
  const type = header(headers, 'feedback-type').toLowerCase() || 'abuse';
  const named = ['original-rcpt-to', 'removal-recipient'].flatMap((name) => headersOf(headers, name));
  const recipient = named.map(addressIn).find((address) => address !== null) ?? recipientOf(returned);
  return { byReader: BY_READERS.test(type), recipient, type };
}

function returnedHead(leaves: readonly Part[]): Head {
  const returned = leaves.find(({ type }) => RETURNED_TYPES.test(type));
  return returned ? embedded(returned).headers : new Map();
}

const recipientOf = (returned: Head): string | null =>
  ['x-hmxmroriginalrecipient', 'x-original-to', 'delivered-to', 'to']
    .map((name) => addressIn(header(returned, name)))
    .find((address) => address !== null) ?? null;

/** Microsoft's Junk Mail Reporting Program has a form of its own. */
const isMicrosoft = ({ headers }: Part): boolean =>
  /^complaint about message from /i.test(header(headers, 'subject')) &&
  /@(hotmail|live|outlook|microsoft)\./i.test(header(headers, 'from'));
