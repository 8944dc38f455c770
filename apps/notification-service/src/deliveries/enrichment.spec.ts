import { describe, expect, it } from '@jest/globals';
import { enrich, personIdsIn } from './enrichment.js';

const ids = [
  '0f5c2c1e-2f8a-4f0e-9b1d-7f1f3f8a1c01',
  '0f5c2c1e-2f8a-4f0e-9b1d-7f1f3f8a1c02',
  '0f5c2c1e-2f8a-4f0e-9b1d-7f1f3f8a1c03',
] as const;
const [me, open, shy] = ids;
const people = new Map([
  [me, { name: 'Me', consentsRanking: false }],
  [open, { name: 'Open', consentsRanking: true }],
  [shy, { name: 'Shy', consentsRanking: false }],
] as [string, { name: string; consentsRanking: boolean }][]);
const options = { recipientId: me, lookup: (id: string) => people.get(id), colleague: 'A colleague' };

describe('enrichment', () => {
  it('finds persons at any depth and ignores what is no id', () => {
    const data = {
      personId: me,
      rows: [{ personId: open }, { inviteePersonId: shy, person: 'x' }],
      leadPersonId: 'nobody',
      personIdx: open,
    };
    expect(personIdsIn(data)).toEqual([me, open, shy]);
  });

  it('names persons beside their ids, except who does not want to be ranked', () => {
    const rows = enrich({ top: ids.map((personId) => ({ personId })) }, options);
    expect(rows).toEqual({
      top: [
        { personId: me, name: 'Me', own: true },
        { personId: open, name: 'Open', own: false },
        { personId: shy, name: 'A colleague', own: false },
      ],
    });
  });

  it('names who a mail is about, whatever they think of rankings', () => {
    expect(enrich({ inviteePersonId: shy }, options)).toEqual({ inviteePersonId: shy, inviteeName: 'Shy' });
  });

  it('names nobody to everybody who does not consent, whatever they have done', () => {
    const data = { authorPersonId: shy, rows: [{ inviteePersonId: open, personId: me }] };
    expect(enrich(data, { ...options, recipientId: null })).toEqual({
      authorPersonId: shy,
      authorName: 'A colleague',
      rows: [{ inviteePersonId: open, inviteeName: 'Open', personId: me, name: 'A colleague', own: false }],
    });
  });

  it('calls somebody who is not known a colleague', () => {
    const unknown = '0f5c2c1e-2f8a-4f0e-9b1d-7f1f3f8a1c99';
    expect(enrich({ personId: unknown, leadPersonId: unknown }, options)).toMatchObject({
      name: 'A colleague',
      leadName: 'A colleague',
    });
  });

  it('leaves everything else as it is', () => {
    const data = { badge: 'x', n: 1, none: null, list: [1, 'two', [3]], personId: 7 };
    expect(enrich(data, options)).toEqual(data);
  });
});
