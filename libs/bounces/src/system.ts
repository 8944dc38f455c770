import { addressIn } from './address.js';
import { header } from './headers.js';
import { failedIn, noticeOf } from './notice.js';
import { leavesOf } from './part.js';
import type { Part } from './part.js';
import { BOUNCED_SUBJECT, DAEMON, FAILED_TEXT } from './signs.js';
import { replyIn } from './status.js';

/** An address alone on its line before a colon, as systems of every language list what failed. */
const LISTED = /^[ \t]*<[^\s<>@]{1,100}@[^\s<>@]{1,150}>:[ \t]*$/m;

/** Whether a mail system wrote this: its sender is one or nobody, and its subject or head says that a mail failed. */
export function isFromSystem(mail: Part): boolean {
  const { headers, type, params } = mail;
  const subject = header(headers, 'subject').slice(0, 300);
  if (/^\W{0,4}(re|fwd?|wg|aw|tr|rv|i|r):/i.test(subject)) return false;
  if (headers.has('x-failed-recipients')) return true;
  const daemon = isDaemonMail(mail);
  const bounced = BOUNCED_SUBJECT.test(subject);
  if (type === 'multipart/report')
    return bounced || daemon || /delivery-status/i.test(params['report-type'] ?? '');
  if (bounced && (daemon || isFromNobody(mail))) return true;
  return (bounced || daemon) && saysFailed(mail, daemon);
}

/** The text says so, and it names an address or has the mail it returns with it: a person who tells of trouble rarely does. */
function saysFailed(mail: Part, daemon: boolean): boolean {
  const leaves = leavesOf(mail);
  const notice = noticeOf(leaves);
  const text = notice.text.slice(0, 3_000).replaceAll(/\s+/g, ' ');
  // A mail system may say it in a language nobody here knows.
  const listed = daemon && (replyIn(text) !== null || LISTED.test(notice.text));
  if (!listed && !FAILED_TEXT.test(text)) return false;
  return returnsMail(mail) || failedIn(mail, notice).recipient !== null;
}

/** Whether the mail that failed is attached or follows in the text. */
const returnsMail = (mail: Part): boolean => {
  const leaves = leavesOf(mail);
  return noticeOf(leaves).returned !== '' || leaves.some(({ type }) => /rfc822/.test(type));
};

/** Whether the sender can only be a mail system: by its name, by an empty return path, or because it returns the mail. */
export const isCertainlySystem = (mail: Part): boolean =>
  isDaemonMail(mail) || isFromNobody(mail) || returnsMail(mail);

const isDaemonMail = ({ headers }: Part): boolean =>
  [header(headers, 'from'), header(headers, 'sender')].some(isDaemon) || headers.has('x-failed-recipients');

function isFromNobody({ headers }: Part): boolean {
  const returnPath = headers.get('return-path')?.[0]?.trim() ?? '';
  return returnPath === '<>' || /mailer-daemon/i.test(returnPath);
}

/** Whether a mail system goes by this name. */
export function isDaemon(from: string): boolean {
  const address = addressIn(from) ?? '';
  return DAEMON.test(address.split('@')[0]!) || DAEMON.test(from.slice(0, 200));
}
