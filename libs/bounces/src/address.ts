/** An address in running text. Bounded on every side, so that no input makes it slow. */
export const ADDRESS =
  /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,100}@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.){0,10}[\p{L}\p{N}-]{1,62}/u;
const EVERY_ADDRESS = new RegExp(ADDRESS, 'gu');

const clean = (address: string): string => address.replace(/^['*=.`]+|[.']+$/g, '');

/** The first mail address in a text, or null. */
export function addressIn(text: string): string | null {
  const found = ADDRESS.exec(text.slice(0, 2_000))?.[0];
  return found === undefined ? null : clean(found);
}

/** All addresses in a text, each once. */
export const addressesIn = (text: string): string[] => [
  ...new Set((text.slice(0, 20_000).match(EVERY_ADDRESS) ?? []).map(clean)),
];

/** The address of a Final-Recipient or Original-Recipient (`rfc822; a+2Bb@example.com`), of xtext (RFC 3461) undone. */
export function typedAddress(field: string): string | null {
  const [, type = '', rest] = /^\s*([\w-]{1,30})\s*;(.*)$/s.exec(field) ?? [];
  const text = (rest ?? field).trim();
  const plain = addressIn(text);
  if (plain === null || !/^rfc822|^utf-?8/i.test(type)) return plain;
  return plain.includes('+') ? undoXtext(plain) : plain;
}

/** Only of characters xtext has to encode: `user+2024@…` is a subaddress that was never encoded. */
const undoXtext = (text: string): string =>
  text.replaceAll(/\+(2B|3D)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Who a VERP return path was for: `list-bounces+user=example.com@lists.example` is for user@example.com. */
export function verpRecipient(address: string): string | null {
  const [, user, domain] = /[+-]([\w.+-]{1,64})=([\w-]{1,62}(?:\.[\w-]{1,62}){1,6})@/.exec(address) ?? [];
  return user ? `${user}@${domain}` : null;
}
