import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

const now = new Date('2026-11-20T10:00:00Z');

describe('a server that wants to be left alone', () => {
  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Fri, 20 Nov 2026 10:01:30 GMT', 90_000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['soon', 0],
    ['99999999999999999999', 0],
    [undefined, 0],
    [['1', '2'], 0],
  ])('says %p and is left alone for %d ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
