import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { readToken, signToken } from './index.js';

describe('a link token', () => {
  const secret = 'a secret that only this test knows';
  const expires = new Date('2026-03-10T12:00:00Z');
  const now = new Date('2026-03-10T11:59:59Z');
  const token = signToken(secret, 'invitation', 'b3c1', expires);

  it('tells whom it is for until it runs out, and that it has', () => {
    expect(readToken(secret, 'invitation', token, now)).toEqual({ ok: true, subject: 'b3c1' });
    expect(readToken(secret, 'invitation', token, new Date('2026-03-10T12:00:01Z'))).toEqual({
      ok: false,
      reason: 'expired',
      subject: 'b3c1',
    });
  });

  it('is worth nothing with another secret, purpose, subject or expiry', () => {
    const [subject, expiry, signature] = token.split('.') as [string, string, string];
    const forged = [
      `x.${expiry}.${signature}`,
      `${subject}.zzzzzz.${signature}`,
      `${subject}.${expiry}.`,
      `${subject}.${expiry}.${signature}x`,
      `${token}.x`,
      '',
      '..',
    ];
    for (const text of forged)
      expect(readToken(secret, 'invitation', text, now)).toEqual({ ok: false, reason: 'invalid' });
    expect(readToken(`${secret}!`, 'invitation', token, now).ok).toBe(false);
    expect(readToken(secret, 'unsubscribe', token, now).ok).toBe(false);
  });
});
