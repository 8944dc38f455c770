import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entriesOf } from './duplicates.js';
import type { Article } from './duplicates.js';

const article = (id: string, url: string): Article => ({
  id,
  url,
  title: `${id} ${url}`,
  summary: '',
  publishedAt: null,
  author: null,
  image: null,
});
const articles = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('https://x.example/1', 'https://x.example/2'))
    .map(([id, url]) => article(id, url)),
  { maxLength: 12 },
);

describe('the articles of a feed', () => {
  it('are each taken once, and none is lost to the id of another', () => {
    fc.assert(
      fc.property(articles, (list) => {
        const kept = [...entriesOf(list).values()].map(({ title }) => title).toSorted();
        expect(kept).toEqual([...new Set(list.map(({ title }) => title))].toSorted());
      }),
    );
  });

  it('are known by the same when the feed tells them once more, in another order', () => {
    fc.assert(
      fc.property(articles, (list) => {
        const once = [...entriesOf(list).keys()].toSorted();
        expect([...entriesOf([...list, ...list.toReversed()]).keys()].toSorted()).toEqual(once);
      }),
    );
  });
});
