import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress } from './index.js';

const part = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const parameter = fc.tuple(
  part.filter((name) => name !== 'source'),
  part,
);
const article = fc.record({
  host: part.map((name) => `${name}.example`),
  path: fc.array(part, { maxLength: 3 }),
  parameters: fc.uniqueArray(parameter, { maxLength: 3, selector: ([name]) => name }),
});
/** How one article is linked to here and there. */
const guise = fc.record({
  scheme: fc.constantFrom('http', 'https'),
  www: fc.boolean(),
  slash: fc.boolean(),
  fragment: fc.constantFrom('', '#top', '#comments'),
  tracking: fc.subarray([
    'utm_source=rss',
    'utm_campaign=x',
    'fbclid=1',
    'gclid=2',
    'mc_cid=3',
    'source=rss',
  ]),
  turned: fc.boolean(),
});

function addressOf(
  { host, path, parameters }: { host: string; path: string[]; parameters: [string, string][] },
  how: {
    scheme: string;
    www: boolean;
    slash: boolean;
    fragment: string;
    tracking: string[];
    turned: boolean;
  },
): string {
  const own = parameters.map(([name, value]) => `${name}=${value}`);
  const query = [...(how.turned ? own.toReversed() : own), ...how.tracking].join('&');
  // Before a question mark a slash may mean another page.
  const end = how.slash && own.length === 0 && query === '' ? '/' : '';
  return `${how.scheme}://${how.www ? 'www.' : ''}${host}/${path.join('/')}${end}${query ? `?${query}` : ''}${how.fragment}`;
}

/** What an article is, in one text. */
const wordsOf = ({
  host,
  path,
  parameters,
}: {
  host: string;
  path: string[];
  parameters: [string, string][];
}): string => [host, ...path, '?', ...parameters.map((pair) => pair.join('=')).toSorted()].join('/');

describe('the address an article is known by', () => {
  it('is one, however the article is linked to', () => {
    fc.assert(
      fc.property(article, guise, guise, (what, one, other) => {
        expect(canonicalAddress(addressOf(what, one))).toBe(canonicalAddress(addressOf(what, other)));
      }),
    );
  });

  it('is its own', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (address) => {
        const known = canonicalAddress(address);
        expect(canonicalAddress(known)).toBe(known);
      }),
    );
  });

  it('tells articles apart', () => {
    fc.assert(
      fc.property(article, article, guise, (one, other, how) => {
        fc.pre(wordsOf(one) !== wordsOf(other));
        expect(canonicalAddress(addressOf(one, how))).not.toBe(canonicalAddress(addressOf(other, how)));
      }),
    );
  });
});
