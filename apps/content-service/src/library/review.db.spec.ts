import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { Library } from './library.support.js';

let library: Library;
beforeAll(async () => {
  library = await Library.start();
});
afterAll(() => library.stop());

/** As if somebody else had written it. */
const byAnother = (id: string): Promise<unknown> =>
  library.service.query(`UPDATE posts SET edited_by = $2 WHERE id = $1`, [id, newId()]);
const content = (more: object = {}) => ({ title: 'Edited', category: 'company', ...more });

describe('a post on its way', () => {
  it('goes from draft by review to published, expired and back, and each wrong step is told the right ones', async () => {
    const id = await library.postId({ draft: true });
    const steps: [string, number, string][] = [];
    for (const action of [
      'approve',
      'submit',
      'publish',
      'submit',
      'expire',
      'reopen',
      'archive',
      'publish',
      'reopen',
    ]) {
      const { status, body } = await library.act(id, action);
      steps.push([action, status, body.status === status ? body.detail : body.status]);
    }
    expect(steps).toEqual([
      ['approve', 409, 'A post that is draft has no "approve"; there is submit, schedule, publish, archive.'],
      ['submit', 200, 'review'],
      ['publish', 200, 'published'],
      ['submit', 409, 'A post that is published has no "submit"; there is expire, archive.'],
      ['expire', 200, 'expired'],
      ['reopen', 200, 'draft'],
      ['archive', 200, 'archived'],
      ['publish', 409, 'A post that is archived has no "publish"; there is reopen.'],
      ['reopen', 200, 'draft'],
    ]);
  });

  it('that comes out again after it was reopened is told of as another occurrence', async () => {
    const id = await library.postId();
    for (const action of ['archive', 'reopen', 'publish']) await library.act(id, action);
    const told = (await library.told('content.published')).filter(({ postId }) => postId === id);
    expect(told.map(({ occurrence }) => occurrence)).toEqual([undefined, 2]);
  });

  it('cannot be shared unless it is published', async () => {
    const [id, who] = [await library.postId(), await library.person()];
    expect((await library.share(id, who)).status).toBe(201);
    await library.act(id, 'archive');
    expect(await library.share(id, who, { network: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'post_unpublished' },
    });
  });

  it('is commented on, and rejected with a reason', async () => {
    const id = await library.postId({ draft: true });
    await library.act(id, 'submit');
    await library.act(id, 'comments', { text: 'Is the figure right?' });
    expect((await library.act(id, 'reject', { reason: 'No source.' })).body.status).toBe('draft');
    const { body } = await library.call('GET', `/posts/${id}/review`);
    expect(body.comments.map(({ text, by }: { text: string; by: string }) => [text, typeof by])).toEqual([
      ['Is the figure right?', 'string'],
      ['No source.', 'string'],
    ]);
    expect(body).toMatchObject({ status: 'draft', actions: ['submit', 'schedule', 'publish', 'archive'] });
    expect((await library.act(id, 'reject', {})).body.errors[0].path).toBe('reason');
    expect((await library.act(id, 'dance')).status).toBe(400);
  });
});

describe('where the programme wants an approval', () => {
  beforeAll(() => library.programme('{ approvals: 1 }'));
  afterAll(() => library.programme('{}'));

  it('a new post goes to review, and is not published without one', async () => {
    const { body } = await library.post();
    expect(body.status).toBe('review');
    expect(await library.act(body.id, 'publish')).toMatchObject({
      status: 409,
      body: { code: 'approvals_missing' },
    });
    await library.neighbour.tell('content.publish_requested', { postId: body.id });
    await library.service.quiet();
    expect((await library.call('GET', `/posts/${body.id}`)).body.status).toBe('review');
  });

  it('nobody approves what they wrote; somebody else does, once, and it comes out', async () => {
    const id = await library.postId();
    expect(await library.act(id, 'approve')).toMatchObject({ status: 409, body: { code: 'own_post' } });
    await byAnother(id);
    await library.act(id, 'approve');
    await library.act(id, 'approve');
    expect((await library.call('GET', `/posts/${id}/review`)).body).toMatchObject({
      required: 1,
      approvals: 1,
    });
    expect((await library.act(id, 'publish')).body.status).toBe('published');
  });

  it('an edit takes approvals and schedule away, for what was approved is not what would come out', async () => {
    const id = await library.postId();
    await byAnother(id);
    await library.act(id, 'approve');
    await library.act(id, 'schedule', { at: '2026-03-10T09:00:00Z' });
    const { body } = await library.call(
      'PUT',
      `/posts/${id}`,
      content({ url: 'https://edited.test/1', version: 1 }),
    );
    expect(body).toMatchObject({ status: 'review', version: 2, publishAt: null, title: 'Edited' });
    expect((await library.act(id, 'publish')).body.code).toBe('approvals_missing');
  });

  it('a published post is not edited behind the reviewers', async () => {
    const id = await library.postId();
    await byAnother(id);
    await library.act(id, 'approve');
    await library.act(id, 'publish');
    const { status, body } = await library.call(
      'PUT',
      `/posts/${id}`,
      content({ url: 'https://edited.test/2', version: 1 }),
    );
    expect([status, body.code]).toEqual([409, 'transition_refused']);
  });
});

describe('versions', () => {
  it('are all kept, and an earlier one can be the present one again', async () => {
    const url = 'https://versions.test/1';
    const id = await library.postId({ title: 'First', url, topics: ['one'] });
    const edit = (title: string, version: number) =>
      library.call('PUT', `/posts/${id}`, content({ title, url, version, target: { teams: ['Sales'] } }));
    await edit('Second', 1);
    await edit('Third', 2);
    expect(await edit('Late', 2)).toMatchObject({ status: 409, body: { code: 'post_changed' } });
    const restored = await library.act(id, 'versions/1/restore');
    expect(restored.body).toMatchObject({
      title: 'First',
      version: 4,
      topics: ['one'],
      target: null,
      status: 'published',
    });
    const { body } = await library.call('GET', `/posts/${id}/versions`);
    expect(
      body.map((each: { version: number; content: { title: string } }) => [each.version, each.content.title]),
    ).toEqual([
      [4, 'First'],
      [3, 'Third'],
      [2, 'Second'],
      [1, 'First'],
    ]);
    expect((await library.act(id, 'versions/9/restore')).body.detail).toBe(
      'This post has the versions 1 to 4.',
    );
  });

  it('cannot take the address of another post', async () => {
    const [id] = [await library.postId(), await library.postId({ url: 'https://taken.test/1' })];
    const { body } = await library.call(
      'PUT',
      `/posts/${id}`,
      content({ url: 'http://www.taken.test/1', version: 1 }),
    );
    expect(body.code).toBe('post_known');
  });
});
