import { createHmac, timingSafeEqual } from 'node:crypto';

/** The headers of Standard Webhooks (https://www.standardwebhooks.com, version 1). */
export type WebhookHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** How old or how far ahead a call may be: what somebody has listened in on is soon worth nothing. */
const TOLERANCE_S = 5 * 60;

/** The secret for one purpose, derived from the suite's own: it is the same after every restart and stands in no table. */
const secretFor = (secret: string, purpose: string): string =>
  `whsec_${createHmac('sha256', secret).update(purpose).digest('base64')}`;

/** The secret for calls to an origin such as https://hooks.example.com. */
export const callSecret = (secret: string, origin: string): string => secretFor(secret, `webhook:${origin}`);

/** The secret for calls that come in under a name. */
export const hookSecret = (secret: string, name: string): string => secretFor(secret, `hook:${name}`);

/** The headers of a body sent at an instant. */
export function signWebhook(secret: string, id: string, at: Date, body: string): WebhookHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(secret, id, timestamp, body).toString('base64')}`,
  };
}

/** Why a call that came in is not to be believed; null when it is. Several signatures may stand in the header, one of which must be right. */
export function wrongWebhook(
  secret: string,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  now: Date,
): string | null {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'webhook-id, webhook-timestamp and webhook-signature are needed';
  if (id === '' || id.length > 200) return 'webhook-id has from 1 to 200 characters';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is the seconds since 1970';
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_S)
    return `webhook-timestamp is more than ${TOLERANCE_S / 60} minutes from now`;
  const expected = signatureOf(secret, id, timestamp, body);
  const right = signatures.split(' ').some((signature) => isSame(signature, expected));
  return right ? null : 'webhook-signature is wrong';
}

function isSame(signature: string, expected: Buffer): boolean {
  const given = Buffer.from(signature.startsWith('v1,') ? signature.slice(3) : '', 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function signatureOf(secret: string, id: string, timestamp: string, body: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
}
