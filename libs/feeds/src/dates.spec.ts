import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf } from './date.js';

describe('a date of a feed', () => {
  it.each([
    ['Tue, 03 Feb 2026 10:00:00 GMT', '2026-02-03T10:00:00.000Z'],
    ['Tue, 03 Feb 2026 10:00:00 -0500', '2026-02-03T15:00:00.000Z'],
    ['3 Feb 26 10:00 EST', '2026-02-03T15:00:00.000Z'],
    ['Tuesday, February 3rd, 2026 10:00 PM', '2026-02-03T22:00:00.000Z'],
    ['Tue Feb  3 10:00:00 2026', '2026-02-03T10:00:00.000Z'],
    ['Tue Feb  3 10:00:00 CET 2026', '2026-02-03T09:00:00.000Z'],
    ['2026-02-03T10:00:00.123+01:00', '2026-02-03T09:00:00.000Z'],
    ['2026-02-03 10:00:00', '2026-02-03T10:00:00.000Z'],
    ['2026-02-03T10:00Z', '2026-02-03T10:00:00.000Z'],
    ['20260203T100000Z', '2026-02-03T10:00:00.000Z'],
    ['20260203', '2026-02-03T00:00:00.000Z'],
    ['2026-02', '2026-02-01T00:00:00.000Z'],
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['2026-034', '2026-02-03T00:00:00.000Z'],
    ['03.02.2026 10:00', '2026-02-03T10:00:00.000Z'],
    ['2026/02/03 10:00', '2026-02-03T10:00:00.000Z'],
    ['23/02/2026', '2026-02-23T00:00:00.000Z'],
    ['02/23/2026', '2026-02-23T00:00:00.000Z'],
    ['03 Feb 2026 10:00:00 GMT+0200', '2026-02-03T08:00:00.000Z'],
    ['1770112800', '2026-02-03T10:00:00.000Z'],
    ['Fri, 03 Feb 2026 99:99:99 GMT', '2026-02-03T00:00:00.000Z'],
    ['yesterday', null],
    ['0000-00-00', null],
    ['', null],
  ])('written %s is %s', (written, instant) => {
    expect(instantOf(written)).toBe(instant);
  });

  it('of any text is an instant or null, never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200 }), fc.stringMatching(/^[\d :/+.,TZaA-]{0,40}$/)),
        (text) => {
          const instant = instantOf(text);
          expect(instant === null || !Number.isNaN(Date.parse(instant))).toBe(true);
        },
      ),
    );
  });
});
