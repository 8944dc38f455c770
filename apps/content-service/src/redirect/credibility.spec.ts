import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge } from './credibility.js';
import type { Believed, Heard, Known } from './credibility.js';

const SECOND = 1000;
const nothing: Known = { believed: [], trapped: new Set() };
let ids = 0;
const click = (more: Partial<Heard> = {}): Heard => ({
  id: `c${++ids}`,
  shareId: 's1',
  at: 600 * SECOND,
  visitor: 'ada',
  reasons: [],
  sharedAt: 0,
  withdrawn: false,
  own: false,
  ...more,
});
const reasonsOf = (clicks: Heard[], known: Known = nothing, haste = 5 * SECOND): string[][] =>
  judge(clicks, known, haste).clicks.map(({ reasons }) => reasons);
const at = (seconds: number): number => (600 + seconds) * SECOND;

describe('a click', () => {
  it.each<[string, Heard[], string[][]]>([
    ['of a person is believed', [click()], [[]]],
    ['keeps what spoke against it at first sight', [click({ reasons: ['known bot'] })], [['known bot']]],
    ['of whoever shared it earns nothing', [click({ own: true })], [['own visit']]],
    ['of a share that was taken back earns nothing', [click({ withdrawn: true })], [['withdrawn']]],
    [
      'sooner after the share than anybody reads is a scanner’s',
      [click({ sharedAt: at(-4.9) })],
      [['too soon']],
    ],
    ['five seconds after the share is believed', [click({ sharedAt: at(-5) })], [[]]],
    ['by the same visitor again is a repeat', [click(), click({ at: at(60) })], [[], ['repeat']]],
    ['by another visitor is none', [click(), click({ visitor: 'ben' })], [[], []]],
    ['of another link is none', [click(), click({ shareId: 's2' })], [[], []]],
    [
      'that was not believed does not make the next one a repeat',
      [click({ reasons: ['prefetch'] }), click({ at: at(60) })],
      [['prefetch'], []],
    ],
  ])('%s', (_what, clicks, expected) => {
    expect(reasonsOf(clicks)).toEqual(expected);
  });

  it('is a repeat of what was stored before', () => {
    const believed = [{ id: 'b', shareId: 's1', at: at(-60), visitor: 'ada' }];
    expect(reasonsOf([click()], { ...nothing, believed })).toEqual([['repeat']]);
  });

  it('is judged by when it was made, not by when it comes', () => {
    const [late, early] = [click({ id: 'late', at: at(60) }), click({ id: 'early', at: at(0) })];
    const judged = judge([late, early], nothing, 0).clicks;
    expect(judged.map(({ click: { id }, reasons }) => [id, reasons])).toEqual([
      ['early', []],
      ['late', ['repeat']],
    ]);
  });
});

describe('several links by one visitor', () => {
  const links = (...seconds: number[]): Heard[] =>
    seconds.map((second, index) => click({ shareId: `s${index}`, at: at(second) }));

  const times = (count: number): string[][] => Array.from({ length: count }, () => ['many links']);

  it.each<[string, Heard[], string[][]]>([
    ['three within five seconds are a scanner’s, the first as well', links(0, 2, 4.9), times(3)],
    ['three in more than five seconds are not', links(0, 2, 5), [[], [], []]],
    ['two are not, however soon', links(0, 0), [[], []]],
    ['of a long row only those in haste are', links(0, 60, 61, 62), [[], ...times(3)]],
  ])('%s', (_what, clicks, expected) => {
    expect(reasonsOf(clicks)).toEqual(expected);
  });

  it('make those doubted that were believed before', () => {
    const believed: Believed[] = [
      { id: 'b1', shareId: 's8', at: at(-1), visitor: 'ada' },
      { id: 'b2', shareId: 's9', at: at(-2), visitor: 'ada' },
      { id: 'b3', shareId: 's7', at: at(-900), visitor: 'ada' },
      { id: 'b4', shareId: 's9', at: at(-1), visitor: 'ben' },
    ];
    const { clicks, doubted } = judge([click()], { ...nothing, believed }, 5 * SECOND);
    expect(clicks[0]!.reasons).toEqual(['many links']);
    expect(doubted).toEqual([
      { id: 'b1', reason: 'many links' },
      { id: 'b2', reason: 'many links' },
    ]);
  });

  it('are not looked at where no time passes', () => {
    expect(reasonsOf(links(0, 0, 0, 0), nothing, 0)).toEqual([[], [], [], []]);
  });
});

it('who followed a honeypot link is not believed, nor what was believed of them that day', () => {
  const believed = [
    { id: 'b1', shareId: 's9', at: at(-900), visitor: 'ada' },
    { id: 'b2', shareId: 's9', at: at(-900), visitor: 'ben' },
  ];
  const judged = judge([click()], { believed, trapped: new Set(['ada']) }, 0);
  expect(judged.clicks[0]!.reasons).toEqual(['honeypot']);
  expect(judged.doubted).toEqual([{ id: 'b1', reason: 'honeypot' }]);
});

it('however clicks come, each visitor is believed at most once for each link, and every click is judged once', () => {
  const visits = fc.array(
    fc.record({
      visitor: fc.constantFrom('ada', 'ben', 'eva'),
      shareId: fc.constantFrom('s1', 's2', 's3', 's4'),
      at: fc.integer({ min: 0, max: 20 }).map((seconds) => at(seconds)),
      reasons: fc.constantFrom([], [], ['known bot']),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(visits, (given) => {
      const clicks = given.map((visit) => click(visit));
      const judged = judge(clicks, nothing, 5 * SECOND).clicks;
      expect(judged.map(({ click: { id } }) => id).sort()).toEqual(clicks.map(({ id }) => id).sort());
      const believed = judged.filter(({ reasons }) => reasons.length === 0);
      expect(new Set(believed.map(({ click: c }) => `${c.shareId} ${c.visitor}`)).size).toBe(believed.length);
    }),
  );
});
