import { causeIn, causeOf } from './causes.js';
import type { Cause } from './causes.js';
import { classOf, isVague, kindOfStatus, replyIn, statusIn } from './status.js';

/** What is known of one failed recipient. */
export interface Evidence {
  /** The Status field of the report. */
  status: string | null;
  /** What the refusing server said. */
  diagnostic: string;
  /** What the reporting server writes for people. */
  notice: string;
}

/** The judgement: `reason` is one line of at most 200 characters. */
export interface Verdict {
  kind: 'hard' | 'soft';
  status: string | null;
  reason: string;
}

/** Judges a delivery that failed; what was only put off is not to be judged here. */
export function judge({ status: field, diagnostic, notice }: Evidence): Verdict {
  const status = bestStatus(field, statusIn(diagnostic));
  const reply = replyIn(diagnostic);
  // A reply code with words nobody knows says more than what the reporting server writes to everybody.
  const silent = reply === null && (status === null || isVague(status));
  const said = causeIn(diagnostic);
  const cause = said ?? (silent ? causeIn(notice) : undefined);
  const kind = kindOf(status, reply, cause, diagnostic);
  return {
    kind,
    status: statusFor(status, cause, kind, reply),
    reason:
      (said || !cause ? sentenceOf(diagnostic) : '') ||
      (cause ?? causeOf(status))?.sentence ||
      sentenceOf(notice),
  };
}

function kindOf(
  status: string | null,
  reply: number | null,
  cause: Cause | undefined,
  diagnostic: string,
): 'hard' | 'soft' {
  if (isTemporary(status, reply)) return 'soft';
  if (ofAnotherStage(diagnostic) && !NAMES_MAILBOX.has(cause?.name ?? '')) return 'soft';
  const vague = status === null || isVague(status);
  if (cause && (vague || !cause.weak)) return cause.kind;
  if (!vague) return kindOfStatus(status);
  if (reply !== null && (status === null || OPEN.test(status)))
    return SPEAK_OF_MAILBOX.includes(reply) ? 'hard' : 'soft';
  return status === null ? 'soft' : kindOfStatus(status);
}

/** The refusing server's own reply is nearer to the truth than the class the reporting one gave it. */
const isTemporary = (status: string | null, reply: number | null): boolean =>
  reply === null ? classOf(status) === '4' : reply < 500;

/** Codes of no detail, and those of addresses, mailboxes and protocols; policy and systems (5.3 … 5.7) are not the address. */
const OPEN = /^5\.[0125]\./;

/** RFC 5321: these speak of the mailbox, 556 (RFC 7504) of a domain without mail, where they answer RCPT. */
const SPEAK_OF_MAILBOX = [550, 551, 553, 556, 521];

/** What may be said of a mailbox at any stage: some servers look it up only when they have the whole mail. */
const NAMES_MAILBOX = new Set(['user_unknown', 'disabled', 'moved']);

/** A refusal of the connection, of the sender or of the mail itself says nothing of the address. */
const ofAnotherStage = (diagnostic: string): boolean =>
  /(after|in reply to|response to|following) (the )?(end of |initial |mail from|ehlo|helo|data|starttls|connection|\.)/i.test(
    diagnostic.slice(0, 1_000),
  );

const bestStatus = (field: string | null, said: string | null): string | null =>
  field === null || (said !== null && isVague(field) && classOf(said) !== '2') ? (said ?? field) : field;

function statusFor(
  status: string | null,
  cause: Cause | undefined,
  kind: 'hard' | 'soft',
  reply: number | null,
): string | null {
  if (status !== null && !/^[45]\.[05]\.0$/.test(status)) return status;
  if (!cause || cause.kind !== kind) return status;
  const temporary = isTemporary(status, reply);
  return temporary ? `4${cause.status.slice(1)}` : cause.status;
}

const MAX_REASON = 200;

/** Text as one line of at most 200 characters without control characters. */
export function sentenceOf(text: string): string {
  const line = text
    .slice(0, 2_000)
    .replaceAll(/[\s\p{Cc}]+|[-=_*#~|]{4,}/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON - 1).trimEnd()}…`;
}
