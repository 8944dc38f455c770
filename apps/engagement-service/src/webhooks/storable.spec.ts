import { describe, expect, it } from '@jest/globals';
import { storable } from './storable.js';

describe('what others send', () => {
  it('is kept without what PostgreSQL cannot hold', () => {
    expect(storable({ 'a\0': ['b\0', '\ud800', 1, null, '\u{1f600}'] })).toEqual({
      a: ['b', '\ufffd', 1, null, '\u{1f600}'],
    });
  });
});
