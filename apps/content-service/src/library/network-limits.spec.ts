import { describe, expect, it } from '@jest/globals';
import { composed, textMistakes } from './texts.js';
import { lengthOn, networkLimits, tooLong } from './network-limits.js';

const LINK = `https://laurel.example/l/${'x'.repeat(22)}`;

describe('a text', () => {
  it.each([
    ['x', 'plain words', 11],
    ['x', `see ${LINK}`, 4 + 23],
    ['x', '日本', 4],
    ['x', '👩‍👩‍👧 ok', 2 + 3],
    ['x', 'é', 1],
    ['mastodon', `see ${LINK}`, 4 + 23],
    ['mastodon', '👩‍👩‍👧', 1],
    ['bluesky', '👩‍👩‍👧é', 2],
    ['bluesky', LINK, LINK.length],
    ['linkedin', '👩‍👩‍👧', 8],
  ] as const)('on %s: "%s" counts %i', (network, text, length) => {
    expect(lengthOn(network, text)).toBe(length);
  });

  it.each(['linkedin', 'x', 'facebook', 'whatsapp', 'mastodon', 'bluesky'] as const)(
    'on %s may be as long as its limit and not one longer',
    (network) => {
      const most = networkLimits[network].most!;
      expect(tooLong(network, 'a'.repeat(most))).toBeNull();
      expect(tooLong(network, 'a'.repeat(most + 3))).toMatch(
        new RegExp(`^has ${most + 3} characters where ${network} takes ${most}.*; leave out 3$`),
      );
    },
  );

  it('of a mail has no end', () => {
    expect(tooLong('email', 'a'.repeat(1_000_000))).toBeNull();
  });

  it('goes out with its hashtags and the disclosure', () => {
    expect(composed('Look', ['news', 'work'], '#employee')).toBe('Look #news #work #employee');
    expect(composed('Look', [], '')).toBe('Look');
  });

  it('must fit together with link, hashtags and the disclosure of its language', () => {
    const post = {
      hashtags: ['news'],
      disclosure: null,
      texts: [
        { network: 'x', language: 'en', text: 'a'.repeat(240) },
        { network: 'x', language: 'it', text: 'a'.repeat(240) },
      ] as const,
    };
    // 240 + " #news" + " " + 23 = 270
    expect(textMistakes(post, { it: 'Lavoro qui da anni' }, LINK)).toEqual([
      {
        path: 'texts.1.text',
        message:
          'with link, hashtags and disclosure has 289 characters where x takes 280 (a link counts 23); leave out 9',
      },
    ]);
    expect(textMistakes({ ...post, disclosure: '' }, { it: 'Lavoro qui da anni' }, LINK)).toEqual([]);
  });
});
