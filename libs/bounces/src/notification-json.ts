import { textOf } from './part.js';
import type { Part } from './part.js';
import type { RecipientReport } from './report.js';

/** What Amazon SES tells by mail through SNS: the report as JSON, instead of RFC 3464. */
export interface JsonReport {
  type: 'bounce' | 'complaint' | 'delivery';
  recipients: RecipientReport[];
}

interface Told {
  notificationType?: unknown;
  bounce?: { bounceType?: unknown; bouncedRecipients?: unknown };
  complaint?: { complainedRecipients?: unknown };
  delivery?: { recipients?: unknown };
}

const STARTS = /\{\s*"(?:notificationType|eventType)"/;

/** Reads the first leaf that is such a report; null for any other mail. */
export function readJsonReport(leaves: readonly Part[]): JsonReport | null {
  const leaf = leaves.find(({ type }) => /^(text\/plain|application\/json)$/.test(type));
  const text = leaf ? textOf(leaf) : '';
  const start = text.search(STARTS);
  const told = start === -1 ? null : parse(text.slice(start, text.lastIndexOf('}') + 1));
  return told ? fromTold(told) : null;
}

/** Long lines were broken by `!` and a line break on their way (sendmail). */
function parse(text: string): Told | null {
  try {
    const told: unknown = JSON.parse(text.replaceAll(/!\n[ \t]?/g, '').replaceAll('\n', ' '));
    return typeof told === 'object' ? told : null;
  } catch {
    // A cut report is no report.
    return null;
  }
}

function fromTold({ bounce, complaint, delivery }: Told): JsonReport | null {
  if (bounce) {
    const permanent = bounce.bounceType === 'Permanent';
    return {
      type: 'bounce',
      recipients: list(bounce.bouncedRecipients).map((one) => failed(one, permanent)),
    };
  }
  if (complaint)
    return {
      type: 'complaint',
      recipients: list(complaint.complainedRecipients).map((one) => failed(one, false)),
    };
  return delivery ? { type: 'delivery', recipients: [] } : null;
}

const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value)
    ? (value as unknown[])
        .slice(0, 100)
        .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    : [];

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `Transient` is what SES calls a failure that may pass, whatever code stands beside it. */
const failed = (one: Record<string, unknown>, permanent: boolean): RecipientReport => ({
  recipient: word(one['emailAddress']) || null,
  action: 'failed',
  status: word(one['status']) || (permanent ? '5.0.0' : '4.0.0'),
  diagnostic: word(one['diagnosticCode']).replace(/^smtp;\s*/i, ''),
});
