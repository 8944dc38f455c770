import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { article, rss, useFeedStage } from './feed-stage.support.js';
import type { FeedStage } from './feed-stage.support.js';

let stage: FeedStage;
useFeedStage((begun) => (stage = begun));

const answerWith = (path: string, status: number): string =>
  stage.serve(path, (_request, response) => void response.writeHead(status).end());
const about = async (type: string, sourceId: string) =>
  (await stage.told(type)).filter((data) => data['sourceId'] === sourceId);

describe('a broken source', () => {
  it('is asked ever more rarely, its owner hears of it once, and of its recovery', async () => {
    const ownerId = newId();
    answerWith('/broken', 500);
    const id = await stage.add('/broken', { ownerId });
    const pauses = [];
    for (let i = 0; i < 4; i++) {
      const { source } = await stage.importNow(id);
      pauses.push(
        (Date.parse(String(source['nextFetchAt'])) - Date.parse(String(source['lastFetchedAt']))) / 3_600_000,
      );
      expect(await about('source.broken', id)).toHaveLength(i < 2 ? 0 : 1);
    }
    expect(pauses).toEqual([12, 24, 48, 96]);
    expect(await about('source.broken', id)).toEqual([
      { sourceId: id, ownerId, name: '/broken', reason: 'http_error' },
    ]);
    stage.serve('/broken', rss([article('Back', 'back')]));
    for (let i = 0; i < 2; i++)
      expect((await stage.importNow(id)).source).toMatchObject({
        failures: 0,
        lastError: null,
        brokenSince: null,
      });
    expect(await about('source.recovered', id)).toEqual([{ sourceId: id, ownerId, name: '/broken' }]);
  });

  it('that is gone for good is stopped and told of at once, until somebody resumes it', async () => {
    answerWith('/gone', 410);
    const id = await stage.add('/gone');
    expect((await stage.importNow(id)).source).toMatchObject({
      status: 'gone',
      lastError: 'is gone for good (HTTP 410)',
    });
    expect(await about('source.broken', id)).toEqual([
      { sourceId: id, ownerId: null, name: '/gone', reason: 'gone' },
    ]);
    stage.serve('/gone', rss([article('Not gone', 'not-gone')]));
    await stage.service.moveTo('2026-03-20T08:00:00Z');
    expect((await stage.service.call('GET', `/content/sources/${id}`)).body.status).toBe('gone');
    await stage.service.call('POST', `/content/sources/${id}/resume`);
    await stage.service.quiet();
    expect((await stage.service.call('GET', `/content/sources/${id}`)).body).toMatchObject({
      status: 'active',
      lastError: null,
    });
  });

  it('that two look at at once is told of once, and one that answers again by hand is no longer gone', async () => {
    answerWith('/both', 410);
    const id = await stage.add('/both');
    await Promise.all([stage.importNow(id), stage.importNow(id)]);
    expect(await about('source.broken', id)).toHaveLength(1);
    stage.serve('/both', rss([article('By hand', 'by-hand')]));
    expect((await stage.importNow(id)).source['status']).toBe('active');
  });

  it('tells of its last looks', async () => {
    answerWith('/history', 503);
    const id = await stage.add('/history');
    await stage.importNow(id);
    stage.serve('/history', rss([article('In the end', 'end')]));
    await stage.importNow(id);
    const { body } = await stage.service.call('GET', `/content/sources/${id}/fetches`);
    expect(body).toMatchObject([
      { status: 'read', httpStatus: 200, found: 1, added: 1, reason: null },
      { status: 'failed', httpStatus: 503, found: 0, added: 0, reason: 'answers with HTTP 503' },
    ]);
    for (let i = 0; i < 52; i++) await stage.importNow(id);
    expect((await stage.service.call('GET', `/content/sources/${id}/fetches`)).body).toHaveLength(50);
  });
});

describe('a source', () => {
  it('that is given another address during a look keeps nothing of the old one', async () => {
    const url = stage.serve('/after', rss([article('After', 'after')]));
    stage.serve('/before', (_request, response) => {
      const moved = stage.service.call('PATCH', `/content/sources/${id}`, { url });
      void moved.then(() =>
        response.writeHead(200, { etag: '"old"' }).end(rss([article('Before', 'before')])),
      );
    });
    const id = await stage.add('/before');
    expect(await stage.importNow(id)).toMatchObject({ found: 0, added: 0, source: { url, etag: null } });
  });

  it('that is paused is not looked at until it is resumed', async () => {
    stage.serve('/paused', rss([article('Paused', 'paused')]));
    const id = await stage.add('/paused', { everyHours: 1 });
    expect((await stage.service.call('POST', `/content/sources/${id}/pause`)).body.status).toBe('paused');
    await stage.service.moveTo('2026-03-21T08:00:00Z');
    expect((await stage.service.call('GET', `/content/sources/${id}`)).body.lastFetchedAt).toBeNull();
    await stage.service.call('POST', `/content/sources/${id}/resume`);
    await stage.service.quiet();
    expect((await stage.service.call('GET', `/content/sources/${id}`)).body.lastFetchedAt).not.toBeNull();
  });

  it('that is given another address is looked at anew, and never has the address of another', async () => {
    stage.serve('/first', rss([article('At the first', 'first')]));
    const second = stage.serve('/second', rss([article('At the second', 'second')]));
    const id = await stage.add('/first');
    await stage.importNow(id);
    const { body } = await stage.service.call('PATCH', `/content/sources/${id}`, {
      url: second,
      to: 'review',
    });
    expect(body).toMatchObject({ url: second, to: 'review', everyHours: 6 });
    await stage.service.quiet();
    expect((await stage.service.call('GET', `/content/posts?status=review`)).body).toMatchObject([
      { title: 'At the second' },
    ]);
    const taken = await stage.service.call('PATCH', `/content/sources/${await stage.add('/third')}`, {
      url: second,
    });
    expect([taken.status, taken.body.code]).toEqual([409, 'source_known']);
  });

  it('that is deleted leaves its posts', async () => {
    stage.serve('/deleted', rss([article('Stays here', 'stays')]));
    const id = await stage.add('/deleted');
    await stage.importNow(id);
    expect((await stage.service.call('DELETE', `/content/sources/${id}`)).status).toBe(204);
    expect((await stage.service.call('GET', `/content/sources/${id}`)).status).toBe(404);
    const [post] = (await stage.service.call('GET', '/content/posts?q=Stays')).body;
    expect(post).toMatchObject({ title: 'Stays here', sourceId: null });
  });

  it.each([
    [{ url: 'ftp://a.test/' }, 'url'],
    [{ everyHours: 0 }, 'everyHours'],
    [{ to: 'bin' }, 'to'],
    [{ ownerId: 'me' }, 'ownerId'],
    [{ name: '' }, 'name'],
  ])('with %j is refused, and told which field', async (wrong, path) => {
    const source = { name: 'x', url: 'https://a.test/', category: 'company', ...wrong };
    const { status, body } = await stage.service.call('POST', '/content/sources', source);
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });
});
