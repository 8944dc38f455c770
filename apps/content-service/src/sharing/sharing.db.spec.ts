import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { withSharing } from './sharing.support.js';

const content = withSharing();
const { person, leave, publish, share, shared, told, visit } = content;
const of = async (type: string, shareId: string): Promise<object[]> =>
  (await told(type)).filter((data) => data['shareId'] === shareId);

describe('a share', () => {
  it('of somebody unknown, or who has left, or of no post is refused', async () => {
    const post = await publish();
    expect(await share(post, newId())).toMatchObject({ status: 422, body: { code: 'person_unknown' } });
    expect(await share(post, person({ active: false }))).toMatchObject({
      status: 422,
      body: { code: 'person_left' },
    });
    expect(await share(newId(), person())).toMatchObject({ status: 404, body: { code: 'post_unknown' } });
    expect(await told('content.shared')).toEqual([]);
  });

  it('comes with a tracked link, and is told of with ids in their one spelling', async () => {
    const [post, who] = [await publish(), person()];
    const { status, body } = await share(post.toUpperCase(), who.toUpperCase(), { caption: 'Look & see' });
    expect([status, body.status]).toEqual([201, 'intended']);
    expect(body.link).toMatch(/^http:\/\/content\.test\/l\/[\w-]{22}$/);
    expect(body.intentUrl).toContain(encodeURIComponent(body.link));
    expect(await of('content.shared', body.id)).toEqual([
      { shareId: body.id, postId: post, personId: who, network: 'linkedin' },
    ]);
  });

  it('keeps no name and no address of the person here', async () => {
    const rows = await content.service.query(`SELECT * FROM people`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/Ada|@/);
  });

  it('of somebody who has left meanwhile is refused', async () => {
    const who = person();
    await share(await publish(), who);
    await leave(who);
    expect((await share(await publish(), who)).body.code).toBe('person_left');
  });

  it('carries the words its post demands, and is refused when they do not fit the network', async () => {
    const post = await publish({ disclosure: '#WorksAtNorthwind' });
    const { body } = await share(post, person(), { network: 'x', caption: 'Mine' });
    expect(body.caption).toBe('Mine #WorksAtNorthwind');
    const long = await share(post, person(), { network: 'x', caption: 'a'.repeat(240) });
    expect([long.status, long.body.errors[0].path]).toEqual([400, 'caption']);
    expect((await share(post, person(), { network: 'facebook', caption: 'a'.repeat(240) })).status).toBe(201);
  });
});

describe('the same once more', () => {
  it('is the same share, also when told ten times at once, and told of once', async () => {
    const [post, who] = [await publish(), person()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => share(post, who)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await of('content.shared', answers[0]!.body.id)).toHaveLength(1);
    expect((await share(post, who, { network: 'x' })).body.id).not.toBe(answers[0]!.body.id);
  });

  it('is another share by another key, and the same by the same key', async () => {
    const [post, who] = [await publish(), person()];
    const byKey = (key: string) => share(post, who, {}, { 'idempotency-key': key });
    const [one, again, two] = [await byKey('one'), await byKey('one'), await byKey('two')];
    expect([again.body.id === one.body.id, two.body.id === one.body.id]).toEqual([true, false]);
    const other = await share(post, who, { network: 'x' }, { 'idempotency-key': 'one' });
    expect(other).toMatchObject({ status: 422, body: { code: 'key_reused' } });
    expect((await share(post, who, {}, { 'idempotency-key': 'ä'.repeat(3) })).status).toBe(400);
  });

  it('is another share after ten minutes, or when the first was taken back', async () => {
    const [post, who] = [await publish(), person()];
    const first = await share(post, who);
    await content.service.call('DELETE', `/content/shares/${first.body.id}`);
    const second = await share(post, who);
    await content.service.moveTo('2026-03-02T08:10:01Z');
    const third = await share(post, who);
    expect(new Set([first, second, third].map(({ body }) => body.id)).size).toBe(3);
  });
});

describe('an intended share', () => {
  const confirm = (id: string, body: object = {}) =>
    content.service.call('POST', `/content/shares/${id}/confirm`, body);

  it('is confirmed once, with the place where it stands', async () => {
    const { id } = await shared();
    const postUrl = 'https://www.linkedin.com/feed/update/1';
    expect((await confirm(id)).body).toMatchObject({
      status: 'confirmed',
      confirmedBy: 'person',
      postUrl: null,
    });
    expect((await confirm(id, { postUrl })).body).toMatchObject({ confirmedBy: 'person', postUrl });
    expect(await of('share.confirmed', id)).toEqual([expect.objectContaining({ by: 'person' })]);
    expect((await confirm(id, { postUrl: 'javascript:alert(1)' })).status).toBe(400);
    expect((await confirm(newId())).body.code).toBe('share_unknown');
  });

  it('is confirmed by its first credible click, not by a bot', async () => {
    const { id, path } = await shared();
    await visit(path, { agent: 'LinkedInBot/1.0' });
    expect(await of('share.confirmed', id)).toEqual([]);
    await visit(path);
    expect(await of('share.confirmed', id)).toEqual([expect.objectContaining({ by: 'click' })]);
  });

  it('that was taken back is told of once, and cannot be confirmed any more', async () => {
    const { id, personId, postId } = await shared();
    for (let time = 0; time < 2; time++)
      expect((await content.service.call('DELETE', `/content/shares/${id}`)).body.status).toBe('withdrawn');
    expect(await of('share.withdrawn', id)).toEqual([{ shareId: id, personId, postId, network: 'linkedin' }]);
    expect((await confirm(id)).body.code).toBe('share_withdrawn');
  });
});
