import { describe, expect, it } from '@jest/globals';
import { callSecret, hookSecret, signWebhook, wrongWebhook } from './webhook-signature.js';

// The example of https://www.standardwebhooks.com/.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const AT = new Date(1_614_265_330_000);
const BODY = '{"test": 2432232314}';
const SIGNED = signWebhook(SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', AT, BODY);

describe('a signature', () => {
  it('is that of Standard Webhooks', () => {
    expect(SIGNED).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is believed for five minutes, for its own body and by its own secret', () => {
    const after = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000);
    expect(wrongWebhook(SECRET, SIGNED, BODY, after(5))).toBeNull();
    expect(wrongWebhook(SECRET, SIGNED, BODY, after(6))).toContain('more than 5 minutes');
    expect(wrongWebhook(SECRET, SIGNED, BODY, after(-6))).toContain('more than 5 minutes');
    expect(wrongWebhook(SECRET, SIGNED, '{}', AT)).toBe('webhook-signature is wrong');
    expect(wrongWebhook(hookSecret('suite', 'hr'), SIGNED, BODY, AT)).toBe('webhook-signature is wrong');
    expect(wrongWebhook(SECRET, {}, BODY, AT)).toContain('are needed');
  });

  it('may stand among others, while secrets change', () => {
    const both = `v1,bm9uc2Vuc2U= ${SIGNED['webhook-signature']}`;
    expect(wrongWebhook(SECRET, { ...SIGNED, 'webhook-signature': both }, BODY, AT)).toBeNull();
  });

  it('has a secret of its own for each origin and each hook', () => {
    const secrets = [
      callSecret('suite', 'https://a.example'),
      callSecret('suite', 'https://b.example'),
      hookSecret('suite', 'https://a.example'),
      callSecret('another suite', 'https://a.example'),
    ];
    expect(new Set(secrets).size).toBe(4);
    expect(secrets[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
