import { describe, expect, it, jest } from '@jest/globals';
import type { Caller } from './keys.js';
import { RememberedKeys } from './remembered-keys.js';

const caller: Caller = { keyId: 'k', name: 'HR', role: 'hr' };

describe('a key that was good a moment ago', () => {
  it('is known until its time is over', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const keys = new RememberedKeys(5_000);
    keys.set('hash', caller);
    now.mockReturnValue(4_999);
    expect(keys.get('hash')).toBe(caller);
    now.mockReturnValue(5_000);
    expect(keys.get('hash')).toBeNull();
    now.mockRestore();
  });

  it('is forgotten with all others as soon as one is revoked here', () => {
    const keys = new RememberedKeys(60_000);
    keys.set('hash', caller);
    keys.forgetAll();
    expect(keys.get('hash')).toBeNull();
  });

  it('is asked for again rather than that thousands are kept', () => {
    const keys = new RememberedKeys(60_000);
    for (let i = 0; i <= 1_000; i++) keys.set(`hash${i}`, caller);
    expect([keys.get('hash0'), keys.get('hash1000')]).toEqual([null, caller]);
  });
});
