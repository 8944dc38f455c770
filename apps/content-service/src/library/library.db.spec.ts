import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Library } from './library.support.js';

let library: Library;
beforeAll(async () => {
  library = await Library.start();
});
afterAll(() => library.stop());

const ids = (posts: { id: string }[]): string[] => posts.map(({ id }) => id);

describe('a post', () => {
  it('is published and told of, and the same article is refused in whatever guise', async () => {
    const post = {
      title: ' News ',
      url: 'https://www.paper.test/a?utm_source=rss&id=1#top',
      category: 'third-party',
      language: 'it',
    };
    const { status, body } = await library.post(post);
    expect([status, body.title, body.status, body.languages]).toEqual([201, 'News', 'published', ['it']]);
    expect(await library.told('content.published')).toEqual([
      { postId: body.id, category: 'third-party', language: 'it', source: null, title: 'News' },
    ]);
    const again = await library.post({ ...post, url: 'http://paper.test/a?id=1' });
    expect([again.status, again.body.code]).toEqual([409, 'post_known']);
    expect(await library.told('content.published')).toHaveLength(1);
  });

  it('that is a draft is shown to nobody and shared by nobody until it is published', async () => {
    const before = (await library.told('content.published')).length;
    const { body } = await library.post({ title: 'Soon', category: 'job', draft: true });
    expect([body.publishedAt, body.status, (await library.told('content.published')).length]).toEqual([
      null,
      'draft',
      before,
    ]);
    const listed = async (query: string): Promise<string[]> =>
      ids((await library.call('GET', `/posts?${query}`)).body);
    expect([(await listed('')).includes(body.id), await listed('draft=true')]).toEqual([false, [body.id]]);
    await library.neighbour.tell('content.publish_requested', { postId: body.id });
    await library.service.quiet();
    expect(await library.told('content.published')).toHaveLength(before + 1);
    expect((await library.act(body.id, 'publish')).body).toMatchObject({
      title: 'Soon',
      status: 'published',
    });
    expect(await library.told('content.published')).toHaveLength(before + 1);
  });

  it.each([
    ['an address of the web', { url: 'javascript:alert(1)' }, 'url', /http\(s\)/],
    ['a title that fits', { title: 'a'.repeat(301) }, 'title', /300/],
    ['a summary that fits', { summary: 'a'.repeat(2001) }, 'summary', /2000/],
    ['topics by name', { topics: ['<b>'] }, 'topics.0', /is not a topic/],
    ['few topics', { topics: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 'topics', /20/],
    ['hashtags in one word', { hashtags: ['#two words'] }, 'hashtags.0', /is not a hashtag/],
    ['an end to its repetitions', { repeatWeeks: 4 }, 'repeatUntil', /goes together with repeatWeeks/],
    [
      'a target that can be asked',
      { target: { audience: 'person.shoe == 42' } },
      'target.audience',
      /^column 1: unknown field/,
    ],
    [
      'one text for a network and language',
      { texts: [1, 2].map(() => ({ network: 'x', language: 'en', text: 'Look' })) },
      'texts',
      /two texts for one network/,
    ],
  ])('needs %s', async (_what, wrong, path, message) => {
    const { status, body } = await library.post(wrong);
    expect([status, body.errors[0].path]).toEqual([400, path]);
    expect(body.errors[0].message).toMatch(message);
  });

  it('whose text is too long for its network, all in all, is refused with the length', async () => {
    await library.programme(`{ disclosure: { en: 'I work here' }, topics: [green] }`);
    const texts = [{ network: 'bluesky', language: 'en', text: 'a'.repeat(240) }];
    const { status, body } = await library.post({ texts, hashtags: ['#work'] });
    // 240, " #work", " I work here", and " http://content.test/l/" with 22 characters of an id
    expect([status, body.code, body.errors]).toEqual([
      422,
      'text_too_long',
      [
        {
          path: 'texts.0.text',
          message:
            'with link, hashtags and disclosure has 303 characters where bluesky takes 300; leave out 3',
        },
      ],
    ]);
    expect((await library.post({ texts, hashtags: ['#work'], disclosure: '' })).status).toBe(201);
  });

  it('has only topics that the programme has, when it lists them', async () => {
    const { status, body } = await library.post({ topics: ['green', 'gardening'] });
    expect([status, body.code, body.errors[0]]).toEqual([
      422,
      'topic_unknown',
      { path: 'topics.1', message: "is none of the programme's topics: green" },
    ]);
    await library.programme('{}');
    expect((await library.post({ topics: ['gardening'] })).status).toBe(201);
  });

  it('that expires in the past is refused', async () => {
    expect((await library.post({ expiresAt: '2026-03-02T07:59:00Z' })).body.code).toBe('expiry_wrong');
  });
});

describe('an older programme that arrives late', () => {
  it('changes nothing', async () => {
    await library.programme('{ approvals: 1 }');
    await library.neighbour.tell('programme.applied', { version: 1 });
    await library.service.quiet();
    const [row] = await library.service.query(
      `SELECT version, settings ->> 'approvals' AS approvals FROM programme`,
    );
    expect(row!['approvals']).toBe('1');
    await library.programme('{}');
  });
});
