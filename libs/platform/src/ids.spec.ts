import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { stableId, traceFrom } from './index.js';

describe('ids and traces', () => {
  it('of the same parts are the same UUID, and parts do not run together', () => {
    expect(stableId('a', 'b')).toBe(stableId('a', 'b'));
    expect(stableId('a', 'b')).not.toBe(stableId('ab'));
    expect(stableId('a', 'b')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('follow a well-formed traceparent only', () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(traceFrom(`00-${id}-00f067aa0ba902b7-01`).traceId).toBe(id);
    expect(traceFrom(`00-${id}-short-01`).traceId).not.toBe(id);
  });
});
