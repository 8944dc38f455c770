import { createHmac, timingSafeEqual } from 'node:crypto';

const mac = (secret: string, purpose: string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${purpose}\u0000${body}`).digest();

/**
 * A link token for one purpose: `<subject>.<expiry base36 seconds>.<HMAC-SHA-256>`, URL-safe.
 * `subject` must be URL-safe itself (an id); the purpose is part of the signature, so tokens do not cross purposes.
 */
export function signToken(secret: string, purpose: string, subject: string, expiresAt: Date): string {
  const body = `${subject}.${Math.floor(expiresAt.getTime() / 1000).toString(36)}`;
  return `${body}.${mac(secret, purpose, body).toString('base64url')}`;
}

export type TokenReading =
  { ok: true; subject: string } | { ok: false; reason: 'invalid' | 'expired'; subject?: string };

/** Checks a token in constant time; expiry is told apart from forgery so that a page can be kind about it. */
export function readToken(secret: string, purpose: string, token: string, now: Date): TokenReading {
  const [subject, expiry, signature, ...rest] = token.split('.');
  if (!subject || !expiry || !signature || rest.length > 0) return { ok: false, reason: 'invalid' };
  const expected = mac(secret, purpose, `${subject}.${expiry}`);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return { ok: false, reason: 'invalid' };
  if (Number.parseInt(expiry, 36) * 1000 < now.getTime()) return { ok: false, reason: 'expired', subject };
  return { ok: true, subject };
}
