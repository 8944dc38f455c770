import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Library } from './library.support.js';

let library: Library;
let ada: string;
beforeAll(async () => {
  library = await Library.start();
  ada = await library.person();
});
afterAll(() => library.stop());

let articles = 0;
const suggest = (more: object = {}) =>
  library.call('POST', '/suggestions', {
    personId: ada,
    title: 'A find',
    url: `https://find.test/${++articles}`,
    text: 'Worth reading',
    ...more,
  });
const decide = (id: string, how: string, body?: object) =>
  library.call('POST', `/suggestions/${id}/${how}`, body);
const thanked = (): Promise<unknown[]> => library.told('content.suggestion_published');

describe('a suggestion', () => {
  it('is told of with ids alone, becomes a draft, and is told of once more when that comes out: once', async () => {
    const { status, body } = await suggest();
    expect([status, body.status]).toEqual([201, 'open']);
    expect(await library.told('content.suggested')).toEqual([{ suggestionId: body.id, personId: ada }]);
    const post = (await decide(body.id, 'accept')).body;
    expect(post).toMatchObject({
      status: 'draft',
      title: 'A find',
      category: 'third-party',
      suggestionId: body.id,
    });
    expect(await thanked()).toEqual([]);
    for (const action of ['publish', 'archive', 'reopen', 'publish']) await library.act(post.id, action);
    expect(await thanked()).toEqual([
      { suggestionId: body.id, postId: post.id, personId: ada, title: 'A find' },
    ]);
    const [listed] = (await library.call('GET', '/suggestions?status=accepted')).body;
    expect(listed).toMatchObject({ id: body.id, postId: post.id, publishedAt: '2026-03-02T08:00:00.000Z' });
  });

  it('is thanked for also when its post was scheduled', async () => {
    const before = (await thanked()).length;
    const post = (await decide((await suggest()).body.id, 'accept')).body;
    await library.act(post.id, 'schedule', { at: '2026-03-03T08:00:00Z' });
    await library.service.moveTo('2026-03-03T08:00:00Z');
    expect(await thanked()).toHaveLength(before + 1);
  });

  it('is decided once', async () => {
    const { id } = (await suggest()).body;
    expect((await decide(id, 'decline', { reason: 'Too old' })).body).toMatchObject({
      status: 'declined',
      reason: 'Too old',
    });
    expect(await decide(id, 'accept')).toMatchObject({
      status: 409,
      body: { detail: 'This suggestion is declined already.' },
    });
  });

  it('of what is known is refused, unless it was declined before', async () => {
    const url = 'https://twice.test/1';
    const { id } = (await suggest({ url })).body;
    expect((await suggest({ url: 'http://www.twice.test/1?utm_source=x' })).body.code).toBe(
      'suggestion_known',
    );
    await decide(id, 'decline', { reason: 'Not now' });
    expect((await suggest({ url })).status).toBe(201);
    await library.postId({ url: 'https://there.test/1' });
    expect((await suggest({ url: 'https://there.test/1' })).body.code).toBe('post_known');
  });

  it('whose article came by another way meanwhile stays open', async () => {
    const { id } = (await suggest({ url: 'https://meanwhile.test/1' })).body;
    await library.postId({ url: 'https://meanwhile.test/1' });
    expect((await decide(id, 'accept')).body.code).toBe('post_known');
    const open = (await library.call('GET', '/suggestions?status=open')).body as { id: string }[];
    expect(open.map((each) => each.id)).toContain(id);
  });

  it('of somebody unknown, or who has left, is refused', async () => {
    const gone = await library.person({ active: false });
    expect((await suggest({ personId: gone })).body.code).toBe('person_left');
    expect((await suggest({ personId: '00000000-0000-4000-8000-000000000000' })).body.code).toBe(
      'person_unknown',
    );
  });

  it('of somebody who is erased keeps none of their words', async () => {
    const who = await library.person();
    const { id } = (await suggest({ personId: who, text: 'My very own words' })).body;
    await library.call('PUT', `/people/${who}/interests`, { topics: ['green'] });
    await library.change(who, null);
    const [row] = await library.service.query(`SELECT text FROM suggestions WHERE id = $1`, [id]);
    expect(row).toEqual({ text: '' });
    expect(await library.service.query(`SELECT FROM people WHERE person_id = $1`, [who])).toEqual([]);
  });
});
