import { addressIn, addressesIn } from './address.js';
import { hasAutomaticSubject, isChallenge, isMarkedAutomatic } from './auto-reply.js';
import { readComplaint } from './complaint.js';
import { header, headersOf } from './headers.js';
import { judge, sentenceOf } from './judge.js';
import { asDelayed, fromJson, fromReport } from './machine.js';
import { failedIn, noticeOf } from './notice.js';
import { leavesOf, parseMail } from './part.js';
import type { Part } from './part.js';
import { none } from './reading.js';
import type { BounceReading, Finding } from './reading.js';
import { returnedIds } from './returned.js';
import { DELAYED, SUCCEEDED } from './signs.js';
import { isCertainlySystem, isDaemon, isFromSystem } from './system.js';

/** Reads a mail that came back. Never throws; of a mail of more than 2 MiB it reads the beginning. */
export function readBounce(bytes: Uint8Array): BounceReading {
  const mail = parseMail(bytes);
  const leaves = leavesOf(mail);
  const finding =
    fromComplaint(mail) ??
    fromReport(mail, leaves) ??
    fromJson(mail, leaves) ??
    fromReceipt(leaves) ??
    fromNotice(mail, leaves) ??
    notBounced(mail, leaves);
  const sentTo = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to'];
  return {
    ...finding,
    messageIds: returnedIds(mail, leaves),
    sentTo: [...new Set(sentTo.flatMap((name) => headersOf(mail.headers, name)).flatMap(addressesIn))],
  };
}

function fromComplaint(mail: Part): Finding | null {
  const complaint = readComplaint(mail);
  if (!complaint) return null;
  const { byReader, recipient, type } = complaint;
  const kind = byReader ? 'complaint' : 'other';
  return { ...none, kind, recipient, reason: sentenceOf(`Feedback report: ${type}`) };
}

/** A read receipt (RFC 8098) is an answer that a mail program writes. */
function fromReceipt(leaves: readonly Part[]): Finding | null {
  const receipt = leaves.some(({ type }) => type === 'message/disposition-notification');
  return receipt
    ? { ...none, kind: 'auto-reply', recipient: null, reason: 'A receipt of a mail program.' }
    : null;
}

/** Mails in which a mail system says in words what became of a mail. */
function fromNotice(mail: Part, leaves: readonly Part[]): Finding | null {
  if (hasAutomaticSubject(mail.headers) || !isFromSystem(mail)) return null;
  const notice = noticeOf(leaves);
  const subject = header(mail.headers, 'subject');
  const failed = failedIn(mail, notice);
  if (SUCCEEDED.test(`${subject}\n${notice.text}`)) return null;
  if (isChallenge(mail.headers, notice.text) && !isDaemon(header(mail.headers, 'from'))) return null;
  const verdict = judge({ status: null, diagnostic: failed.diagnostic, notice: notice.text });
  const delayed = DELAYED.test(notice.text.slice(0, 3_000)) || /delay|warning/i.test(subject);
  const { kind, status, reason } = delayed ? asDelayed(verdict) : verdict;
  // A person may tell of a mail that failed in the very words of a report.
  const certain = kind === 'soft' || isCertainlySystem(mail) ? kind : 'soft';
  const { recipient, recipients } = failed;
  return { kind: certain, status, reason: reason || sentenceOf(subject), recipient, recipients, delayed };
}

function notBounced(mail: Part, leaves: readonly Part[]): Finding {
  const { headers } = mail;
  const automatic =
    hasAutomaticSubject(headers) || isMarkedAutomatic(headers) || isChallenge(headers, noticeOf(leaves).text);
  const recipient = automatic ? addressIn(header(headers, 'from')) : null;
  const reason = sentenceOf(header(headers, 'subject')) || 'A mail that is no report.';
  return { ...none, kind: automatic ? 'auto-reply' : 'other', recipient, reason };
}
