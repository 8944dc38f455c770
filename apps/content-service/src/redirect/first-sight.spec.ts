import { describe, expect, it } from '@jest/globals';
import { FirstSight } from './first-sight.js';
import { languageOf } from './link-pages.js';

const sight = new FirstSight('a secret');
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const someone = { ip: '198.18.0.1', userAgent: firefox, purpose: undefined };
const noon = Date.parse('2026-03-02T12:00:00Z');

describe('at first sight', () => {
  it.each([
    ['nothing speaks against a browser', someone, []],
    ['a program without a name is doubted', { ...someone, userAgent: undefined }, ['no user agent']],
    ['a known bot is doubted', { ...someone, userAgent: googlebot }, ['known bot']],
    ['the crawler of a network is doubted', { ...someone, userAgent: 'LinkedInBot/1.0' }, ['known bot']],
    ['a page that is only prepared is doubted', { ...someone, purpose: 'prefetch;prerender' }, ['prefetch']],
    ['a preview is doubted', { ...someone, purpose: 'preview' }, ['prefetch']],
    [
      'several things can be',
      { ...someone, userAgent: googlebot, purpose: 'Prefetch' },
      ['known bot', 'prefetch'],
    ],
  ])('%s', (_what, given, reasons) => {
    expect([sight.doubts(given), sight.doubts(given)]).toEqual([reasons, reasons]);
  });
});

describe('a visitor', () => {
  it('is the same all day and another the next', () => {
    const [now, evening, tomorrow] = [0, 11.9, 12.1].map((hours) =>
      sight.visitor(someone, noon + hours * 3_600_000),
    );
    expect([now === evening, now === tomorrow]).toEqual([true, false]);
  });

  it('is told from others by address and program', () => {
    const others = [{ ...someone, ip: '198.18.0.2' }, { ...someone, userAgent: googlebot }, someone];
    expect(new Set(others.map((other) => sight.visitor(other, noon))).size).toBe(3);
  });

  it('cannot be worked out without the secret', () => {
    expect(new FirstSight('another').visitor(someone, noon)).not.toBe(sight.visitor(someone, noon));
    expect(sight.visitor(someone, noon)).toMatch(/^[\w-]{22}$/);
  });
});

it.each([
  [undefined, 'en'],
  ['pl-PL,pl;q=0.9,en;q=0.8', 'pl'],
  ['de;q=0.9, it;q=0.4, en;q=0.5', 'en'],
  ['ms', 'ms'],
  ['fr-CA, *;q=0.1', 'en'],
  ['it;q=0, en', 'en'],
  [';;q=,', 'en'],
])('whoever reads %s is answered in %s', (accepted, language) => {
  expect(languageOf(accepted)).toBe(language);
});
