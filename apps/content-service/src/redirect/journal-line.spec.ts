import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readVisits, writeVisit } from './journal-line.js';

const uuid = fc.noShrink(fc.constant(null)).map(() => randomUUID());
const visit = fc.record({
  id: uuid,
  shareId: fc.option(uuid),
  at: fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }),
  visitor: fc.stringMatching(/^[\w-]{22}$/),
  reasons: fc.subarray(['no user agent', 'known bot', 'prefetch']),
});

it('what is written to the journal is read again', () => {
  fc.assert(
    fc.property(fc.array(visit), (visits) => {
      expect(readVisits(visits.map(writeVisit).join(''))).toEqual({ visits, torn: 0 });
    }),
  );
});

it('a journal that is cut off anywhere loses only the line it is cut in', () => {
  fc.assert(
    fc.property(fc.array(visit, { minLength: 1 }), fc.nat(), (visits, chance) => {
      const text = visits.map(writeVisit).join('');
      const cut = text.slice(0, chance % text.length);
      const whole = cut.split('\n').length - 1;
      expect(readVisits(cut)).toEqual({
        visits: visits.slice(0, whole),
        torn: cut.endsWith('\n') || cut === '' ? 0 : 1,
      });
    }),
  );
});

it('lines that power failure has filled with zeros are passed over', () => {
  const [line] = fc.sample(visit, 1).map(writeVisit);
  expect(readVisits(`${line}${'\0'.repeat(100)}\n${line}`)).toMatchObject({ visits: [{}, {}], torn: 1 });
});
