import { simpleParser, type ParsedMail } from 'mailparser';
import { readHeaders, type MailHeaders } from './header.js';
import { plainText } from './plain-text.js';

/** A caught mail as lists show it. */
export interface CaughtMail extends MailHeaders {
  /** Counts up from 1 in the order of arrival. */
  readonly id: number;
  /** The addresses of the SMTP envelope: who would really have received it. */
  readonly recipients: readonly string[];
  /** When the catcher took it, ISO 8601 by the machine's clock. */
  readonly receivedAt: string;
  /** Bytes. */
  readonly size: number;
}

interface Kept {
  readonly summary: CaughtMail;
  readonly raw: Buffer;
  /** The lower-case words a search looks through; made when the first search needs them. */
  haystack?: string;
}

/** What narrows a list. */
export interface MailSearch {
  /** An address, whole or in part. */
  readonly to?: string | undefined;
  /** Words that the addresses, the subject, the template or the plain text hold. */
  readonly text?: string | undefined;
}

/** The newest mails in memory. Arrival reads only the header lines; the body is parsed when somebody looks at it. */
export class MailStore {
  private readonly kept = new Map<number, Kept>();
  private lastId = 0;

  constructor(private readonly limit = 20_000) {}

  /** Takes a raw mail in; the oldest goes when there are too many. */
  add(raw: Buffer, recipients: readonly string[]): CaughtMail {
    const summary = {
      ...readHeaders(raw),
      id: ++this.lastId,
      recipients,
      receivedAt: new Date().toISOString(),
      size: raw.length,
    };
    this.kept.set(summary.id, { summary, raw });
    const oldest = this.kept.keys().next();
    if (this.kept.size > this.limit && !oldest.done) this.kept.delete(oldest.value);
    return summary;
  }

  /** All mails, newest first. */
  list(): CaughtMail[] {
    return [...this.kept.values()].reverse().map(({ summary }) => summary);
  }

  /** The mails that fit the search, newest first. */
  search({ to = '', text = '' }: MailSearch): CaughtMail[] {
    const [address, words] = [to.trim().toLowerCase(), text.trim().toLowerCase()];
    const isAddressed = ({ summary }: Kept): boolean =>
      summary.recipients.some((one) => one.toLowerCase().includes(address));
    const fits = (kept: Kept): boolean => isAddressed(kept) && (!words || haystackOf(kept).includes(words));
    return [...this.kept.values()]
      .reverse()
      .filter(fits)
      .map(({ summary }) => summary);
  }

  /** A mail with its parts, or `undefined` when there is none (any more) with this id. */
  async read(id: number): Promise<{ summary: CaughtMail; parsed: ParsedMail } | undefined> {
    const kept = this.kept.get(id);
    return kept && { summary: kept.summary, parsed: await parse(kept.raw) };
  }

  /** Forgets all mails; ids go on counting. */
  clear(): void {
    this.kept.clear();
  }
}

function parse(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true });
}

function haystackOf(kept: Kept): string {
  const { recipients, to, subject, template } = kept.summary;
  kept.haystack ??= [...recipients, to, subject, template, plainText(kept.raw)].join('\n').toLowerCase();
  return kept.haystack;
}
