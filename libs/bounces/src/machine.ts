import { header } from './headers.js';
import { judge } from './judge.js';
import type { Verdict } from './judge.js';
import { failedIn, noticeOf } from './notice.js';
import { readJsonReport } from './notification-json.js';
import { textOf } from './part.js';
import type { Part } from './part.js';
import { none } from './reading.js';
import type { Finding } from './reading.js';
import { recipientsOf } from './report.js';
import type { RecipientReport } from './report.js';
import { isFromSystem } from './system.js';

const REPORT = /^message\/(x-?|global-)?delivery-status/;
const REPORT_TEXT = /^(final-recipient|original-recipient):[^\n]+@/im;
const REPORT_FIELDS = /^(action|status|reporting-mta):/im;

/** The report is believed where it is one, or where a mail system sent it: a person may forward one. */
export function fromReport(mail: Part, leaves: readonly Part[]): Finding | null {
  const isReport = mail.type === 'multipart/report';
  const typed = leaves.filter(({ type }) => REPORT.test(type));
  if (!isReport && !isFromSystem(mail)) return null;
  const parts = typed.length > 0 ? typed : leaves.filter(looksLikeReport);
  const recipients = parts
    .flatMap(recipientsOf)
    .filter(({ action, status }) => action !== '' || status !== null);
  return recipients.length === 0 ? null : judged(recipients, mail, leaves);
}

const looksLikeReport = (part: Part): boolean => {
  if (!/^(text\/(plain|rfc822-headers)|application\/octet-stream|message\/\w+)$/.test(part.type))
    return false;
  const text = textOf(part).slice(0, 20_000);
  return REPORT_TEXT.test(text) && REPORT_FIELDS.test(text);
};

function judged(recipients: readonly RecipientReport[], mail: Part, leaves: readonly Part[]): Finding {
  const failed = recipients.filter((one) => outcomeOf(one) === 'failed');
  const delayed = recipients.filter((one) => outcomeOf(one) === 'delayed');
  const first = failed[0] ?? delayed[0];
  if (!first)
    return {
      ...none,
      kind: 'other',
      recipient: recipients[0]!.recipient,
      status: recipients[0]!.status,
      reason: 'The mail was delivered or passed on.',
    };
  const notice = noticeOf(leaves);
  const recipient = first.recipient ?? failedIn(mail, notice).recipient;
  const all = (failed.length > 0 ? failed : delayed).flatMap((one) => one.recipient ?? []);
  const verdict = judge({ ...first, notice: notice.text });
  const found = { ...verdict, recipient, recipients: [...new Set(all)] };
  return failed.length > 0 ? { ...found, delayed: false } : { ...asDelayed(found), delayed: true };
}

/** What is only put off is never hard. */
export const asDelayed = <V extends Verdict>(verdict: V): V => ({
  ...verdict,
  kind: 'soft',
  status: verdict.status?.replace(/^5/, '4') ?? null,
});

function outcomeOf({ action, status }: RecipientReport): 'failed' | 'delayed' | 'done' {
  if (/^(delivered|relayed|expanded|deliverable)$/.test(action) || status?.startsWith('2')) return 'done';
  if (action.startsWith('delay') || action === 'delaying' || action === 'transient') return 'delayed';
  return 'failed';
}

/** Reads the reports of Amazon SES. */
export function fromJson(mail: Part, leaves: readonly Part[]): Finding | null {
  // Only the service itself sends it so: a person may quote one.
  if (!/@[\w.-]*amazon(aws|ses)?\.com/i.test(header(mail.headers, 'from'))) return null;
  const report = readJsonReport(leaves);
  if (!report || report.recipients.length === 0) return null;
  if (report.type === 'bounce') return judged(report.recipients, mail, leaves);
  const recipient = report.recipients[0]!.recipient;
  return { ...none, kind: 'complaint', recipient, reason: 'Feedback report: abuse' };
}
