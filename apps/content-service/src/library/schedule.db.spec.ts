import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Library } from './library.support.js';

let library: Library;
beforeAll(async () => {
  library = await Library.start();
});
afterAll(() => library.stop());

const drafts = (count: number, more: object = {}): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => library.postId({ draft: true, ...more })));
const plan = (postIds: string[], more: object = {}) =>
  library.call('POST', '/posts/schedule', {
    postIds,
    from: '2026-03-03',
    days: ['TUE', 'THU'],
    at: ['09:00'],
    ...more,
  });
const toldOf = async (id: string): Promise<unknown[]> =>
  (await library.told('content.published')).filter(({ postId }) => postId === id);

describe('scheduling many posts', () => {
  it('shows the slots first, then takes them, weeks ahead and in the given order', async () => {
    const posts = await drafts(3);
    const shown = await plan(posts, { dryRun: true });
    expect(shown.body.planned.map(({ local }: { local: string }) => local)).toEqual([
      '2026-03-03T09:00',
      '2026-03-05T09:00',
      '2026-03-10T09:00',
    ]);
    expect((await library.call('GET', `/posts/${posts[0]}`)).body.status).toBe('draft');
    const taken = await plan(posts);
    expect(taken.body.planned).toEqual(shown.body.planned);
    expect((await library.call('GET', `/posts/${posts[2]}`)).body).toMatchObject({
      status: 'scheduled',
      publishAt: '2026-03-10T08:00:00.000Z',
    });
    // What is taken is not given again, also to plans made at once.
    const [more, others] = [await drafts(1), await drafts(1)];
    const both = await Promise.all([plan(more), plan(others)]);
    expect(
      both.flatMap(({ body }): string[] => body.planned.map(({ local }: { local: string }) => local)).sort(),
    ).toEqual(['2026-03-12T09:00', '2026-03-17T09:00']);
  });

  it('takes none when one cannot be, and says which and why', async () => {
    const [good, bad] = [await drafts(1), await library.postId()];
    const { status, body } = await plan([...good, bad]);
    expect([status, body.code, body.errors]).toEqual([
      422,
      'cannot_schedule',
      [
        {
          path: 'postIds.1',
          message: 'A post that is published has no "schedule"; there is expire, archive.',
        },
      ],
    ]);
    expect((await library.call('GET', `/posts/${good[0]}`)).body.status).toBe('draft');
  });

  it('says so when a post would be over before its slot', async () => {
    const posts = await drafts(1, { expiresAt: '2026-03-04T00:00:00Z' });
    expect((await plan(posts)).body.errors[0].message).toMatch(
      /^expires at 2026-03-04T00:00:00.000Z, before its slot/,
    );
  });
});

describe('as time passes', () => {
  it('a scheduled post comes out at its moment, once, and one that is put off does not', async () => {
    const [soon, never] = (await drafts(2)) as [string, string];
    await library.act(soon, 'schedule', { at: '2026-03-02T10:00:00Z' });
    await library.act(never, 'schedule', { at: '2026-03-02T10:00:00Z' });
    await library.act(never, 'unschedule');
    await library.service.moveTo('2026-03-02T09:59:59Z');
    expect(await toldOf(soon)).toEqual([]);
    await library.service.moveTo('2026-03-02T10:00:00Z');
    await library.service.moveTo('2026-03-02T10:30:00Z');
    expect([(await toldOf(soon)).length, (await toldOf(never)).length]).toEqual([1, 0]);
    expect((await library.act(never, 'schedule', { at: '2026-03-02T10:00:00Z' })).body.code).toBe(
      'publish_at_wrong',
    );
  });

  it('an evergreen post comes again at the same local time until its end, and goes to the top', async () => {
    const id = await library.postId({
      title: 'Evergreen',
      repeatWeeks: 2,
      repeatUntil: '2026-04-20T00:00:00Z',
    });
    const calendar = await library.call('GET', '/calendar?from=2026-03-01T00:00:00Z&to=2026-05-01T00:00:00Z');
    const foretold = calendar.body.filter(({ postId }: { postId: string }) => postId === id);
    expect(foretold.map(({ at, what }: { at: string; what: string }) => [what, at])).toEqual([
      ['published', '2026-03-02T10:30:00.000Z'],
      ['repeat', '2026-03-16T10:30:00.000Z'],
      ['repeat', '2026-03-30T09:30:00.000Z'],
      ['repeat', '2026-04-13T09:30:00.000Z'],
    ]);
    await library.service.moveTo('2026-03-16T10:30:00Z');
    expect((await library.call('GET', '/posts?limit=1')).body[0].id).toBe(id);
    // Nobody was there for a while: it comes once, not for every time that was missed.
    await library.service.moveTo('2026-04-15T00:00:00Z');
    await library.service.moveTo('2026-06-01T00:00:00Z');
    expect((await toldOf(id)).map((told) => (told as { occurrence?: number }).occurrence)).toEqual([
      undefined,
      2,
      3,
    ]);
  });

  it('a post expires at its time, and can be brought back', async () => {
    const id = await library.postId({ expiresAt: '2026-06-02T00:00:00Z' });
    await library.service.moveTo('2026-06-02T00:00:00Z');
    expect((await library.call('GET', `/posts/${id}`)).body.status).toBe('expired');
    await library.act(id, 'reopen');
    expect((await library.act(id, 'publish')).body).toMatchObject({ status: 'published', expiresAt: null });
  });

  it('hundreds that fall due together all come out, each once', async () => {
    const posts = await drafts(12);
    await library.service.query(
      `UPDATE posts SET status = 'scheduled', publish_at = '2026-06-03T00:00:00Z' WHERE id = ANY($1::uuid[])`,
      [posts],
    );
    await library.service.query(
      `INSERT INTO posts (id, status, title, url, canonical_url, summary, category, language, languages, publish_at, created_at, edited_at)
       SELECT gen_random_uuid(), 'scheduled', 'Many', 'https://many.test/' || n, 'many.test/' || n, '', 'company', 'en', '{en}',
         '2026-06-03T00:00:00Z', '2026-06-01T00:00:00Z', '2026-06-01T00:00:00Z' FROM generate_series(1, 1200) n`,
    );
    const before = (await library.told('content.published')).length;
    await library.service.moveTo('2026-06-03T00:00:00Z');
    expect((await library.told('content.published')).length - before).toBe(1212);
    const [{ n }] = (await library.service.query(
      `SELECT count(*) AS n FROM posts WHERE status = 'scheduled'`,
    )) as [{ n: number }];
    expect(n).toBe(0);
  });
});

describe('two replicas', () => {
  it('bring out what falls due for both once', async () => {
    const replica = await library.replica();
    await replica.moveTo('2026-06-03T00:00:00Z');
    const posts = await drafts(40);
    await library.service.query(
      `UPDATE posts SET status = 'scheduled', publish_at = '2026-06-04T00:00:00Z' WHERE id = ANY($1::uuid[])`,
      [posts],
    );
    await Promise.all([library.service, replica].map((each) => each.moveTo('2026-06-04T00:00:00Z')));
    const told = (await library.told('content.published')).filter(({ postId }) =>
      posts.includes(String(postId)),
    );
    await replica.stop();
    expect(told).toHaveLength(40);
  });
});

describe('the calendar', () => {
  it('is asked for a stretch of time that makes sense', async () => {
    const { body } = await library.call('GET', '/calendar?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z');
    expect(body.errors).toEqual([{ path: 'to', message: 'must lie after from' }]);
  });
});
