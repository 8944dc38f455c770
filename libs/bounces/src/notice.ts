import { addressIn, addressesIn, verpRecipient } from './address.js';
import { header, headersOf } from './headers.js';
import { textOf } from './part.js';
import type { Part } from './part.js';
import { DAEMON, RETURNED } from './signs.js';
import { LAYOUTS } from './layouts.js';

/** What a mail system wrote for people, up to where the returned mail begins. */
export interface Notice {
  text: string;
  /** What follows: the returned mail, if it is in the text. */
  returned: string;
}

const MAX_NOTICE = 12_000;

/** Cuts the text of a report from the mail it returns. */
export function noticeIn(text: string): Notice {
  const cut = text.search(RETURNED);
  if (cut === -1) return { text: text.slice(0, MAX_NOTICE), returned: '' };
  // A report that begins with what it returns says the rest below.
  if (cut <= 20) return { text: text.slice(0, MAX_NOTICE), returned: text };
  return { text: text.slice(0, Math.min(cut, MAX_NOTICE)), returned: text.slice(cut) };
}

/** The text leaves of a report, the plain ones before those in HTML. */
export function noticeOf(leaves: readonly Part[]): Notice {
  const texts = leaves.filter(({ type }) => /^text\/(plain|html|x-|calendar)/.test(type)).slice(0, 6);
  const plain = texts.filter(({ type }) => type !== 'text/html');
  const said = (plain.length > 0 ? plain : texts).map(textOf).filter((text) => text.trim() !== '');
  const all = said.length > 0 ? said : texts.map(textOf);
  return noticeIn(all.join('\n\n'));
}

/** Whom a report without fields is about, and what it says of them. */
export interface Failed {
  recipient: string | null;
  recipients: string[];
  diagnostic: string;
}

/** Finds the failed recipients of a report that is text only, by the fields of its head, then by the known layouts. */
export function failedIn(mail: Part, notice: Notice): Failed {
  const named = headersOf(mail.headers, 'x-failed-recipients').flatMap((value) => addressesIn(value));
  const own = ownAddresses(mail);
  const laid = named.length > 0 ? [] : byLayout(notice.text, own);
  const verp =
    verpRecipient(header(mail.headers, 'to')) ?? verpRecipient(header(mail.headers, 'delivered-to'));
  const any = addressesIn(notice.text).filter(
    (address) => !own.has(address.toLowerCase()) && !DAEMON.test(address),
  );
  const recipients = named.length > 0 ? named : laid.length > 0 ? laid : verp ? [verp] : any.slice(0, 1);
  const recipient = recipients[0] ?? returnedTo(notice.returned || notice.text, own);
  return { recipient, recipients, diagnostic: recipient === null ? '' : around(notice.text, recipient) };
}

/** Addresses that are certainly not whom the mail was for: its sender's, and the mail system's. */
function ownAddresses({ headers }: Part): Set<string> {
  const fields = ['from', 'to', 'reply-to', 'sender', 'return-path', 'delivered-to', 'errors-to', 'cc'];
  return new Set(
    fields.flatMap((name) => addressesIn(header(headers, name))).map((one) => one.toLowerCase()),
  );
}

function byLayout(text: string, own: ReadonlySet<string>): string[] {
  for (const layout of LAYOUTS) {
    const found = [...text.matchAll(layout)].slice(0, 100).map(([, one]) => addressIn(one ?? ''));
    const addresses = found.filter((one) => one !== null && !own.has(one.toLowerCase()) && !DAEMON.test(one));
    if (addresses.length > 0) return [...new Set(addresses as string[])];
  }
  return [];
}

function returnedTo(returned: string, own: ReadonlySet<string>): string | null {
  const field = /^(?:x-)?(?:to|apparently-to|original-to):[ \t]*([^\n]{1,300})/im.exec(returned)?.[1] ?? '';
  return addressesIn(field).find((address) => !own.has(address.toLowerCase())) ?? null;
}

/** The line of the address and the lines that follow it: there stands why. */
function around(text: string, recipient: string): string {
  const at = text.indexOf(recipient);
  if (at === -1) return '';
  const before = text.slice(text.lastIndexOf('\n', at) + 1, at).replace(/[<("'[]+$/, '');
  const after = text.slice(at + recipient.length, at + recipient.length + 900);
  const paragraphs = after.replace(/^[>)\]"':;,.]*\s*/, '').split(/\n\s*\n/);
  const rest = paragraphs[0]!.trim().length > 8 ? paragraphs[0]! : paragraphs.slice(0, 2).join(' ');
  return /[a-z0-9]{3}/i.test(before) ? `${before}${recipient} ${rest}` : rest;
}
