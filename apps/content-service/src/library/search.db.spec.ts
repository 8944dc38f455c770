import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Library } from './library.support.js';
import { SearchService } from './search.service.js';

let library: Library;
beforeAll(async () => {
  library = await Library.start();
  await library.post({
    title: 'Leaders who listen',
    summary: 'About meetings',
    topics: ['people'],
    language: 'en',
  });
  await library.post({
    title: 'Il fiume ritorna',
    category: 'third-party',
    topics: ['green'],
    language: 'it',
  });
  await library.post({
    title: 'Rzeka',
    language: 'pl',
    topics: ['green', 'people'],
    texts: [{ network: 'linkedin', language: 'en', text: 'A river for everybody' }],
  });
  await library.post({ title: 'Hidden draft', draft: true });
});
afterAll(() => library.stop());

const found = async (query: string): Promise<string[]> =>
  (await library.call('GET', `/posts?${query}`)).body.map(({ title }: { title: string }) => title).sort();

describe('searching', () => {
  it.each([
    ['words of the title, whatever their case', 'q=LEADERS', ['Leaders who listen']],
    ['beginnings of words', 'q=lead%20meet', ['Leaders who listen']],
    ['words of ready texts', 'q=river', ['Rzeka']],
    ['topics as words', 'q=green', ['Il fiume ritorna', 'Rzeka']],
    ['all words at once', 'q=green%20river', ['Rzeka']],
    ['a topic', 'topic=people', ['Leaders who listen', 'Rzeka']],
    ['a language, also of texts', 'language=en', ['Leaders who listen', 'Rzeka']],
    ['a category', 'category=third-party', ['Il fiume ritorna']],
    ['a state', 'status=draft', ['Hidden draft']],
    ['a stretch of time', 'from=2026-03-02T08:00:00Z&to=2026-03-02T08:00:00Z', []],
    ['nothing that is there', 'q=unicorn', []],
  ])('finds %s', async (_what, query, titles) => {
    expect(await found(query)).toEqual(titles);
  });

  it.each(["q=river'%20%7C%20!", 'q=%27%3A*', 'q=a%26b%7Cc', 'q=%5C'])(
    'takes any signs: %s',
    async (query) => {
      const { status } = await library.call('GET', `/posts?${query}`);
      expect(status).toBe(200);
    },
  );

  it('is read page by page, each post once, newest first', async () => {
    const pages: string[] = [];
    for (let after = ''; ;) {
      const { body } = await library.call('GET', `/posts?limit=2${after}`);
      if (body.length === 0) break;
      pages.push(...body.map(({ title }: { title: string }) => title));
      after = `&after=${body.at(-1).id}`;
    }
    expect(pages).toEqual(['Il fiume ritorna', 'Leaders who listen', 'Rzeka']);
  });

  it('goes through the index in a library of 20,000 posts', async () => {
    await library.service.query(
      `INSERT INTO posts (id, status, title, url, canonical_url, summary, category, language, languages, published_at, created_at, edited_at)
       SELECT gen_random_uuid(), 'published', 'Post ' || n, 'https://much.test/' || n, 'much.test/' || n, 'word' || n % 5000, 'company', 'en',
         '{en}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' FROM generate_series(1, 20000) n`,
    );
    await library.service.query('VACUUM ANALYZE posts');
    const search = library.service.app.get(SearchService);
    const [sql, parameters] = search
      .query({ q: 'word4711', draft: false, limit: 50 })
      .getQueryAndParameters();
    const plan = JSON.stringify(await library.service.query(`EXPLAIN ${sql}`, parameters));
    expect(plan).toContain('Bitmap Index Scan on posts_search');
    expect(await found('q=word4711&limit=10')).toHaveLength(4);
  });
});
