import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { article, rss, useFeedStage } from './feed-stage.support.js';
import type { FeedStage, ImportAnswer } from './feed-stage.support.js';

let stage: FeedStage;
useFeedStage((begun) => (stage = begun));

const hoursToNext = ({ source }: ImportAnswer): number =>
  (Date.parse(String(source['nextFetchAt'])) - Date.parse(String(source['lastFetchedAt']))) / 3_600_000;

describe('a feed may ask to be looked at less often', () => {
  it.each([
    ['by its ttl', rss([], '<ttl>720</ttl>'), {}, 12],
    ['by Cache-Control', rss([]), { 'cache-control': 'public, max-age=36000' }, 10],
    [
      'by Expires',
      rss([]),
      { date: 'Mon, 02 Mar 2026 08:00:00 GMT', expires: 'Mon, 02 Mar 2026 16:00:00 GMT' },
      8,
    ],
    ['but not more often than its owner wants', rss([], '<ttl>5</ttl>'), {}, 6],
    ['nor for longer than a day', rss([], '<ttl>99999</ttl>'), {}, 24],
    ['and outside of its hours', rss([], '<skipHours><hour>14</hour><hour>15</hour></skipHours>'), {}, 8],
  ])('%s', async (what, body, headers, hours) => {
    const path = `/${encodeURIComponent(what)}`;
    stage.serve(path, (_request, response) => void response.writeHead(200, headers).end(body));
    expect(hoursToNext(await stage.importNow(await stage.add(path)))).toBe(hours);
  });

  it('by Retry-After when it is asked too often', async () => {
    stage.serve(
      '/busy',
      (_request, response) => void response.writeHead(429, { 'retry-after': '259200' }).end(),
    );
    const answer = await stage.importNow(await stage.add('/busy'));
    expect([hoursToNext(answer), answer.source['lastError']]).toEqual([72, 'answers with HTTP 429']);
  });
});

describe('a feed that has moved', () => {
  const moved = (status: number, to: string) =>
    stage.serve(
      to === '/perm' ? '/old' : '/now-and-then',
      (_request, response) => void response.writeHead(status, { location: to }).end(),
    );

  it('for good is remembered at its new address', async () => {
    moved(301, '/perm');
    stage.serve('/perm', rss([article('Moved', 'm1')]));
    const { added, source } = await stage.importNow(await stage.add('/old'));
    expect([added, source['url']]).toEqual([1, `http://${stage.host}/perm`]);
  });

  it('for now is asked at its old one', async () => {
    const old = moved(302, '/temp');
    stage.serve('/temp', rss([article('Away', 'm2')]));
    const { added, source } = await stage.importNow(await stage.add('/now-and-then'));
    expect([added, source['url']]).toEqual([1, old]);
  });
});

describe('what may not be asked', () => {
  it.each([
    [
      'a private address',
      'http://127.0.0.1:1/feed',
      /may not be asked: 127\.0\.0\.1 is not a public address/,
    ],
    ['the address of cloud metadata', 'http://169.254.169.254/latest', /may not be asked/],
    ['a private address of IPv6', 'http://[::1]/feed', /may not be asked/],
    ['a private address in other clothes', 'http://[::ffff:10.0.0.1]/feed', /may not be asked/],
    [
      'a name that leads to one',
      'http://localhost:1/feed',
      /may not be asked: localhost leads to the non-public/,
    ],
  ])('is %s, and the source says so', async (_what, url, reason) => {
    const { added, source } = await stage.importNow(await stage.add(url));
    expect(added).toBe(0);
    expect(source).toMatchObject({ failures: 1, lastError: expect.stringMatching(reason) });
  });

  it('is a private address behind a redirect, also by a name', async () => {
    const port = Number(stage.host.split(':')[1]) + 1;
    for (const to of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      'file:///etc/passwd',
      'http://[',
    ]) {
      stage.serve('/away', (_request, response) => void response.writeHead(301, { location: to }).end());
      const id = await stage.add('/away', { name: to });
      const { source } = await stage.importNow(id);
      expect([source['lastError'], source['url']]).toEqual([
        expect.stringMatching(/^may not be asked/),
        `http://${stage.host}/away`,
      ]);
      await stage.service.call('DELETE', `/content/sources/${id}`);
    }
  });
});

describe('a hostile server', () => {
  it('that never ends is left, and holds up nobody else', async () => {
    stage.serve('/endless', (_request, response) => {
      response.writeHead(200);
      const more = (): void => void (response.write('<a>'.repeat(100_000)) && setImmediate(more));
      response.on('drain', more);
      more();
    });
    const { source } = await stage.importNow(await stage.add('/endless'));
    expect(source['lastError']).toMatch(/may not be asked: the answer is longer than \d+ bytes/);
  });

  it('that packs much into little is left', async () => {
    stage.serve(
      '/bomb',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(40_000_000, 32))),
    );
    const { source } = await stage.importNow(await stage.add('/bomb'));
    expect(source['lastError']).toMatch(/cannot be unpacked/);
  });

  it('that packs a feed is understood', async () => {
    stage.serve(
      '/packed',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(rss([article('Packed', 'p1')]))),
    );
    expect((await stage.importNow(await stage.add('/packed'))).added).toBe(1);
  });

  it('that gives a page is told which feeds the page offers', async () => {
    const page =
      '<html><head><link rel="alternate" type="application/atom+xml" href="/real.atom"></head></html>';
    stage.serve(
      '/page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    const { source } = await stage.importNow(await stage.add('/page'));
    expect(source['lastError']).toBe(`is a web page, not a feed; it offers http://${stage.host}/real.atom`);
  });
});
