import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { Library } from '../library/library.support.js';

let library: Library;
let post: string;
beforeAll(async () => {
  library = await Library.start();
  post = await library.postId();
});
afterAll(() => library.stop());

const say = async (caption: string, postId = post): Promise<void> =>
  void (await library.share(postId, await library.person(), { caption }));
const alike = async (caption: string, personId = newId(), postId = post): Promise<number> =>
  (await library.call('POST', '/captions/alike', { postId, personId, caption })).body.alike;

describe('captions', () => {
  it('that read the same but for signs and small words are pointed out, with how many people used them', async () => {
    await say('We are hiring engineers in Warsaw, come and join us!');
    await say('we are hiring engineers in Warsaw – come & join us https://jobs.test/1');
    await say('We are hiring great engineers in Warsaw. Come join us');
    await say('My first month here taught me how a small team ships');
    await say('Nice');
    await say('Nice');
    const { body } = await library.call('GET', '/captions/alike');
    expect(body).toEqual([{ postId: post, people: 3, captions: expect.any(Array) }]);
    expect(body[0].captions).toHaveLength(3);
    expect(JSON.stringify(body)).not.toMatch(/first month|Nice/);
  });

  it('are counted when somebody is about to share: those of others, of this post', async () => {
    expect(await alike('We are hiring engineers in Warsaw; come and join us')).toBe(3);
    expect(await alike('Something completely of my own making')).toBe(0);
    expect(await alike('Nice')).toBe(0);
    expect(
      await alike('We are hiring engineers in Warsaw; come and join us', newId(), await library.postId()),
    ).toBe(0);
    const me = await library.person();
    const other = await library.postId();
    await library.share(other, me, { caption: 'We are hiring engineers in Warsaw; come and join us' });
    expect(await alike('We are hiring engineers in Warsaw; come and join us', me, other)).toBe(0);
  });

  it('of long ago are not held against anybody', async () => {
    await library.service.moveTo('2026-05-02T08:00:00Z');
    expect(await alike('We are hiring engineers in Warsaw; come and join us')).toBe(0);
    expect((await library.call('GET', '/captions/alike?days=30')).body).toEqual([]);
    expect((await library.call('GET', '/captions/alike?days=90')).body).not.toEqual([]);
  });
});
