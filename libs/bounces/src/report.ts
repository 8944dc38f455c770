import { typedAddress } from './address.js';
import { splitHead } from './headers.js';
import type { Headers } from './headers.js';
import { bodyOf } from './part.js';
import type { Part } from './part.js';
import { decodeText } from './bytes.js';

/** One recipient of a delivery status notification (RFC 3464), its fields as far as they were there. */
export interface RecipientReport {
  recipient: string | null;
  /** failed, delayed, delivered, relayed, expanded, or empty. */
  action: string;
  status: string | null;
  diagnostic: string;
}

const MAX_GROUPS = 500;
const STARTS_RECIPIENT = /^(?:final|original)-recipient[ \t]*:/i;

/** The recipients of a report; groups that lost their empty line are told apart by their first field. */
export function recipientsOf(part: Part): RecipientReport[] {
  const text = decodeText(bodyOf(part).slice(0, 200_000), part.params['charset']);
  return groupsOf(text)
    .map(readGroup)
    .filter((group) => group !== null);
}

function groupsOf(text: string): string[] {
  const groups: string[][] = [[]];
  for (const line of text.split('\n')) {
    const open = groups.at(-1)!;
    if (line.trim() === '' || startsAnother(open, line)) groups.push([]);
    if (line.trim() !== '') groups.at(-1)!.push(line);
  }
  return groups
    .filter(({ length }) => length > 0)
    .slice(0, MAX_GROUPS)
    .map((lines) => lines.join('\n'));
}

/** The field of a group's own that is there already begins the next one. */
function startsAnother(open: readonly string[], line: string): boolean {
  const field = STARTS_RECIPIENT.exec(line)?.[0].toLowerCase();
  return field !== undefined && open.some((one) => one.toLowerCase().startsWith(field));
}

function readGroup(group: string): RecipientReport | null {
  const { headers } = splitHead(group);
  const one = (name: string): string => headers.get(name)?.[0] ?? '';
  const status =
    /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(one('status').replaceAll(/\s*\.\s*/g, '.'))?.[1] ?? null;
  const action = /^[a-z]+/.exec(one('action').toLowerCase())?.[0] ?? '';
  const recipient = recipientOf(headers);
  if (recipient === null && action === '' && status === null) return null;
  return { recipient, action, status, diagnostic: diagnosticOf(headers) };
}

/** Whom the sender wrote to stands before what an alias or a forward made of it. */
const ADDRESS_FIELDS = [
  'original-recipient',
  'final-recipient',
  'x-actual-recipient',
  'x-original-recipient',
];

function recipientOf(headers: Headers): string | null {
  const found = ADDRESS_FIELDS.map((name) => typedAddress(headers.get(name)?.[0] ?? ''));
  return (
    found.find((address) => address?.split('@')[1]?.includes('.')) ??
    found.find((address) => address !== null) ??
    null
  );
}

function diagnosticOf(headers: Headers): string {
  // Some say why in a comment beside the code.
  const comment = /\(([^()]{3,300})\)/.exec(headers.get('status')?.[0] ?? '')?.[1] ?? '';
  const values = ['diagnostic-code', 'x-supplementary-info', 'x400-supplementary-info']
    .flatMap((name) => headers.get(name) ?? [])
    .map((value) =>
      value.replace(/^\s*(?:smtp|x-[\w-]+|unix|esmtp|lmtp|dns|x400|notes|smtp-?\w*)\s*;\s*/i, '').trim(),
    );
  return [...values, comment].filter((value) => value !== '').join(' ');
}
