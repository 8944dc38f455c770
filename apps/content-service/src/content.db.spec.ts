import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { Contact } from '#libs/contracts';
import { newId } from '#libs/platform';
import { startTestNats } from '../../../test/support/nats.js';
import { startNeighbour, startTestService, until } from '../../../test/support/service.js';
import type { Neighbour, TestService } from '../../../test/support/service.js';
import { AppModule } from './app.module.js';
import { database as parts } from './database.js';
import { envSchema } from './env.js';

/** What the feed server gives at the moment; requests are noted. */
const feed = { status: 200, body: '', asked: [] as (string | undefined)[], location: '' };
const feeds = createServer((request, response) => {
  feed.asked.push(request.headers['if-none-match']);
  if (request.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end();
  if (request.url === '/away') return void response.writeHead(302, { location: feed.location }).end();
  response.writeHead(feed.status, { 'content-type': 'application/xml', etag: '"v1"' }).end(feed.body);
});
const rss = (...items: string[]): string =>
  `<rss version="2.0"><channel><title>News</title>${items.map((item) => `<item>${item}</item>`).join('')}</channel></rss>`;

const people = new Map<string, Contact>();
const person = (active = true): string => {
  const personId = newId();
  const rest = {
    team: null,
    department: null,
    location: null,
    seniority: 'employee',
    consentsRanking: true,
    consentsMail: true,
  };
  people.set(personId, {
    personId,
    name: 'Ada Lovelace',
    email: 'ada@content.test',
    locale: 'en',
    zone: 'Europe/Rome',
    active,
    ...rest,
  });
  return personId;
};

let nats: Awaited<ReturnType<typeof startTestNats>>;
let service: TestService;
let neighbour: Neighbour;
let host: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => feeds.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(feeds.address() as AddressInfo).port}`;
  nats = await startTestNats();
  neighbour = await startNeighbour(nats.url, {
    'people.contacts': ({ personIds }) => ({
      contacts: personIds.flatMap((id) => people.get(id.toLowerCase()) ?? []),
    }),
  });
  service = await startTestService({
    name: 'content',
    parts,
    envSchema,
    natsUrl: nats.url,
    module: (env) => AppModule.forEnv(env as never),
    env: { CONTENT_ALLOW_HOSTS: host },
  });
});
afterAll(async () => {
  await service.stop();
  await neighbour.stop();
  await nats.stop();
  feeds.close();
});

let articles = 0;
const publish = async (more: object = {}): Promise<string> =>
  (
    await service.call('POST', '/content/posts', {
      title: 'News',
      url: `https://news.test/${++articles}`,
      category: 'company',
      ...more,
    })
  ).body.id;
const share = (postId: string, personId: string, more: object = {}) =>
  service.call('POST', '/content/shares', { postId, personId, network: 'linkedin', ...more });
// The helper's rows are what the outbox tells, oldest first.
const told = async (type: string): Promise<Record<string, unknown>[]> =>
  (
    await service.query<{ envelope: string }>(`SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`, [
      `laurel.evt.${type}`,
    ])
  ).map(({ envelope }) => JSON.parse(envelope).data);

describe('a post', () => {
  it('is published and told of, and the same article is refused in whatever guise', async () => {
    const post = {
      title: ' News ',
      url: 'https://www.paper.test/a?utm_source=rss&id=1#top',
      category: 'third-party',
      language: 'it',
    };
    const { status, body } = await service.call('POST', '/content/posts', post);
    expect([status, body.title]).toEqual([201, 'News']);
    expect(await told('content.published')).toEqual([
      { postId: body.id, category: 'third-party', language: 'it', source: null, title: 'News' },
    ]);
    const again = await service.call('POST', '/content/posts', {
      ...post,
      url: 'http://paper.test/a/?id=1'.replace('a/', 'a'),
    });
    expect([again.status, again.body.code]).toEqual([409, 'post_known']);
    expect(await told('content.published')).toHaveLength(1);
  });

  it('that is a draft is shown to nobody and shared by nobody until it is published', async () => {
    const before = (await told('content.published')).length;
    const draft = { title: 'Soon', url: 'https://paper.test/soon', category: 'job', draft: true };
    const { body } = await service.call('POST', '/content/posts', draft);
    expect([body.publishedAt, (await told('content.published')).length]).toEqual([null, before]);
    const drafts = async (query: string): Promise<string[]> =>
      (await service.call('GET', `/content/posts?${query}`)).body.map(({ id }: { id: string }) => id);
    expect([(await drafts('')).includes(body.id), await drafts('draft=true')]).toEqual([false, [body.id]]);
    await neighbour.tell('content.publish_requested', { postId: body.id });
    await service.quiet();
    expect(await told('content.published')).toHaveLength(before + 1);
    expect((await service.call('POST', `/content/posts/${body.id}/publish`)).body.title).toBe('Soon');
    expect(await told('content.published')).toHaveLength(before + 1);
  });

  it('needs a web address', async () => {
    const { status, body } = await service.call('POST', '/content/posts', {
      title: 'x',
      url: 'javascript:alert(1)',
      category: 'company',
    });
    expect([status, body.errors[0].path]).toEqual([400, 'url']);
  });
});

describe('a feed', () => {
  const add = async (url: string): Promise<string> =>
    (await service.call('POST', '/content/sources', { name: 'Feed', url, category: 'company' })).body.id;
  const importNow = async (id: string) => (await service.call('POST', `/content/sources/${id}/import`)).body;

  it('from an allowed host is imported, each article once, and not asked in full again', async () => {
    feed.body = rss(
      '<title>One</title><link>https://feed.test/1</link>',
      '<title>Two</title><link>https://feed.test/2</link>',
      '<title>One again</title><link>http://www.feed.test/1?utm_medium=rss</link>',
    );
    const id = await add(`http://${host}/rss`);
    expect(await importNow(id)).toMatchObject({
      found: 3,
      published: 2,
      source: { lastError: null, failures: 0, etag: '"v1"' },
    });
    expect(await importNow(id)).toMatchObject({ found: 0, published: 0, source: { lastError: null } });
    expect(feed.asked).toEqual([undefined, '"v1"']);
  });

  it('with characters that no database holds is imported all the same', async () => {
    const text = `${'a'.repeat(298)}😀😀 and more`;
    feed.body = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Odd',
      items: [
        {
          id: '1',
          url: 'https://odd.test/1',
          title: text,
          content_text: 'nul \0 inside',
        },
        {
          id: '2',
          url: `https://odd.test/${'long'.repeat(3e3)}`,
          title: 'An address nobody can store',
        },
      ],
    });
    const { published, source } = await importNow(await add(`http://${host}/odd`));
    expect([published, source.lastError]).toEqual([1, null]);
  });

  it.each([
    [
      'a private address',
      'http://127.0.0.1:1/feed',
      /may not be asked: 127\.0\.0\.1 is not a public address/,
    ],
    ['the address of cloud metadata', 'http://169.254.169.254/latest', /may not be asked/],
  ])('at %s is refused, and says so', async (_what, url, reason) => {
    const { published, source } = await importNow(await add(url));
    expect(published).toBe(0);
    expect(source).toMatchObject({ failures: 1, lastError: expect.stringMatching(reason) });
  });

  it('that leads to a private address by a redirect is refused', async () => {
    feed.location = `http://127.0.0.1:${Number(host.split(':')[1]) + 1}/secret`;
    expect((await importNow(await add(`http://${host}/away`))).source.lastError).toMatch(/may not be asked/);
  });

  it('that is broken is asked ever more rarely, and forgiven when it works again', async () => {
    feed.status = 500;
    const id = await add(`http://${host}/broken`);
    const pauses = [];
    for (let i = 0; i < 3; i++) {
      const { source } = await importNow(id);
      pauses.push((Date.parse(source.nextFetchAt) - Date.parse(source.lastFetchedAt)) / 3_600_000);
    }
    expect(pauses).toEqual([12, 24, 48]);
    feed.status = 200;
    feed.body = rss('<title>Back</title><link>https://back.test/1</link>');
    expect((await importNow(id)).source).toMatchObject({ failures: 0, lastError: null });
  });

  it('is looked at on its own rhythm', async () => {
    feed.body = rss('<title>Later</title><link>https://later.test/1</link>');
    await add(`http://${host}/later`);
    await service.moveTo('2026-03-02T14:00:00Z');
    expect(
      (await service.call('GET', '/content/posts?limit=500')).body.map(
        ({ title }: { title: string }) => title,
      ),
    ).toContain('Later');
  });
});

describe('a feed whose posts cannot be stored', () => {
  it('is put off, says so, and does not keep the feeds behind it waiting', async () => {
    await service.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'this cannot be stored'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.title = 'Poison') EXECUTE FUNCTION refuse()`);
    const add = (name: string) =>
      service.call('POST', '/content/sources', {
        name,
        url: `http://${host}/${name}`,
        category: 'company',
        everyHours: 1,
      });
    await Promise.all([add('poison'), add('behind')]);
    feed.body = rss('<title>Poison</title><link>https://poison.test/1</link>');
    await service.query(`UPDATE sources SET next_fetch_at = '2026-03-02T14:00:01Z' WHERE name = 'poison'`);
    await service.moveTo('2026-03-02T14:00:01Z');
    feed.body = rss('<title>Behind it</title><link>https://behind.test/1</link>');
    await service.moveTo('2026-03-02T15:30:00Z');
    const sources = (await service.call('GET', '/content/sources')).body as { name: string }[];
    expect(sources.find(({ name }) => name === 'poison')).toMatchObject({
      failures: 1,
      lastError: expect.stringMatching(/^could not be stored/),
    });
    expect(sources.find(({ name }) => name === 'behind')).toMatchObject({ failures: 0, lastError: null });
    await service.query(`DROP TRIGGER refuse ON posts`);
  });
});

describe('a share', () => {
  it('of somebody unknown, or who has left, is refused', async () => {
    const post = await publish();
    expect(await share(post, newId())).toMatchObject({ status: 422, body: { code: 'person_unknown' } });
    expect(await share(post, person(false))).toMatchObject({ status: 422, body: { code: 'person_left' } });
    expect(await share(newId(), person())).toMatchObject({ status: 404, body: { code: 'post_unknown' } });
    expect(await told('content.shared')).toEqual([]);
  });

  it('comes with a tracked link, and is told of with ids in their one spelling', async () => {
    const [post, who] = [await publish(), person()];
    const { status, body } = await share(post.toUpperCase(), who.toUpperCase(), { caption: 'Look & see' });
    expect(status).toBe(201);
    expect(body.link).toMatch(/^http:\/\/content\.test\/l\/[\w-]{22}$/);
    expect(body.intentUrl).toContain(encodeURIComponent(body.link));
    expect(await told('content.shared')).toEqual([
      { shareId: body.id, postId: post, personId: who, network: 'linkedin' },
    ]);
  });

  it('keeps no name and no address of the person here', async () => {
    const rows = await service.query(`SELECT * FROM people`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/Ada|@/);
  });

  it('hears when somebody leaves', async () => {
    const [post, who] = [await publish(), person()];
    await share(post, who);
    people.set(who, { ...people.get(who)!, active: false });
    await neighbour.tell('person.changed', { personId: who, change: 'left' });
    await service.quiet();
    expect((await share(post, who)).body.code).toBe('person_left');
  });
});

describe('a tracked link', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0';
  const link = async (): Promise<{ path: string; shareId: string }> => {
    const { body } = await share(
      await publish({ url: `https://target.test/${++articles}?id=7&utm_source=own` }),
      person(),
      { network: 'x' },
    );
    return { path: new URL(body.link).pathname, shareId: body.id };
  };
  const visit = (path: string, agent: string, headers: Record<string, string> = {}, method = 'GET') =>
    service.call(method, path, undefined, { key: null, headers: { 'user-agent': agent, ...headers } });
  const clicksOf = (shareId: string): Promise<{ credible: boolean; reasons: string[] }[]> =>
    service.query(
      `SELECT credible, reasons FROM clicks WHERE share_id = $1 ORDER BY cardinality(reasons), reasons`,
      [shareId],
    );

  it('records a credible click and sends the visitor on to the stored target with its campaign', async () => {
    const { path, shareId } = await link();
    const { status, headers } = await visit(`${path}?next=https://evil.test`, firefox);
    expect(status).toBe(302);
    const target = new URL(headers['location']!);
    expect([
      target.host,
      target.searchParams.get('utm_source'),
      target.searchParams.get('utm_campaign'),
    ]).toEqual(['target.test', 'own', 'laurel']);
    expect(await clicksOf(shareId)).toEqual([{ credible: true, reasons: [] }]);
    expect((await told('link.clicked')).at(-1)).toMatchObject({
      shareId,
      network: 'x',
      credible: true,
      reasons: [],
    });
  });

  it('records nothing for HEAD', async () => {
    const { path, shareId } = await link();
    expect((await visit(path, firefox, {}, 'HEAD')).status).toBe(302);
    expect(await clicksOf(shareId)).toEqual([]);
  });

  it('sends bots, prefetches and repeats on as well, but does not believe them, and says why', async () => {
    const { path, shareId } = await link();
    await visit(path, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)');
    await visit(path, firefox, { 'sec-purpose': 'prefetch' });
    const answers = await Promise.all([visit(path, firefox), visit(path, firefox), visit(path, firefox)]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302]);
    expect(await clicksOf(shareId)).toEqual([
      { credible: true, reasons: [] },
      ...[['known bot'], ['prefetch'], ['repeat'], ['repeat']].map((reasons) => ({
        credible: false,
        reasons,
      })),
    ]);
  });

  const failWith = (code: string, times: number): Promise<unknown> =>
    service.query(`
      CREATE SEQUENCE IF NOT EXISTS tries;
      ALTER SEQUENCE tries RESTART;
      CREATE OR REPLACE FUNCTION fail_click() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') <= ${times} THEN RAISE 'not now' USING ERRCODE = '${code}'; END IF;
        RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER fail_click AFTER INSERT ON clicks FOR EACH STATEMENT EXECUTE FUNCTION fail_click()`);

  it('records a click although the database was away for a moment, believed like any other', async () => {
    const { path, shareId } = await link();
    await failWith('40P01', 3);
    expect((await visit(path, firefox)).status).toBe(302);
    expect(await clicksOf(shareId)).toEqual([{ credible: true, reasons: [] }]);
  });

  it('sends the visitor on within two seconds when the database stays away', async () => {
    const { path, shareId } = await link();
    await failWith('57P03', 1000);
    const begin = performance.now();
    expect((await visit(path, firefox)).status).toBe(302);
    expect(performance.now() - begin).toBeLessThan(2_500);
    await service.query(`DROP TRIGGER fail_click ON clicks`);
    expect(await clicksOf(shareId)).toEqual([]);
  });

  it('sends the visitor on within two seconds when the database hangs, and stores the click when it can', async () => {
    const { path, shareId } = await link();
    const held = service.app.get(DataSource).createQueryRunner();
    await held.startTransaction();
    await held.query(`LOCK TABLE clicks IN ACCESS EXCLUSIVE MODE`);
    expect((await visit(path, firefox)).status).toBe(302);
    await held.commitTransaction();
    await held.release();
    await until('the click is stored', async () => (await clicksOf(shareId)).length === 1);
  });

  it('that nobody gave out leads to a friendly page', async () => {
    for (const id of ['x', 'A'.repeat(22), '%00']) {
      const { status, text, headers } = await visit(`/l/${id}`, firefox);
      expect([status, text.includes('This link leads nowhere')]).toEqual([404, true]);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cache-control': 'no-store',
      });
    }
  });

  it('stores neither address nor user agent of a visitor', async () => {
    const dump = JSON.stringify([
      await service.query(`SELECT * FROM clicks`),
      await service.query(`SELECT * FROM click_visitors`),
      await told('link.clicked'),
    ]);
    expect(dump).not.toMatch(/127\.0\.0\.1|::1|Mozilla|Firefox/);
  });
});

describe('measured figures', () => {
  const measured = async () => {
    const { body } = await share(await publish(), person());
    return {
      shareId: body.id as string,
      put: (figures: object, id: string = body.id) =>
        service.call('PUT', `/content/shares/${id}/measures`, figures),
    };
  };
  const sums = async (shareId: string): Promise<[number, number]> => {
    const mine = (await told('share.measured')).filter((data) => data['shareId'] === shareId);
    return [mine.reduce((sum, { impressions }) => sum + Number(impressions), 0), mine.length];
  };

  it('travel as differences, also when a correction lowers them, and not when nothing changed', async () => {
    const { shareId, put } = await measured();
    await put({ impressions: 1000, reactions: 5 });
    await put({ impressions: 400, reactions: 9 });
    await put({ impressions: 400, reactions: 9 });
    const mine = (await told('share.measured')).filter((data) => data['shareId'] === shareId);
    expect(mine.map(({ impressions, reactions }) => [impressions, reactions])).toEqual([
      [1000, 5],
      [-600, 4],
    ]);
  });

  it('add up also when reported many times at once', async () => {
    const { shareId, put } = await measured();
    await Promise.all(Array.from({ length: 10 }, () => put({ impressions: 700 })));
    expect(await sums(shareId)).toEqual([700, 1]);
  });

  it('are told of with the id in its one spelling', async () => {
    const { shareId, put } = await measured();
    expect((await put({ impressions: 3 }, shareId.toUpperCase())).body.shareId).toBe(shareId);
    expect(await sums(shareId)).toEqual([3, 1]);
  });

  it('of an unknown share are refused', async () => {
    expect(
      (await service.call('PUT', `/content/shares/${newId()}/measures`, { impressions: 1 })).body.code,
    ).toBe('share_unknown');
  });
});

describe('access', () => {
  it('is denied to every route without a key, but for those declared public', async () => {
    const { body } = await service.call('GET', '/content/openapi.json', undefined, { key: null });
    const open: string[] = [];
    for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
      for (const method of Object.keys(methods)) {
        const { status } = await service.call(
          method.toUpperCase(),
          path.replaceAll(/\{\w+\}/g, newId()),
          undefined,
          { key: null },
        );
        if (status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual(['get /content/asyncapi.json', 'get /health/live', 'get /health/ready']);
  });

  it('is denied, not granted, when the service that knows the keys does not answer', async () => {
    await neighbour.stop();
    const { status, body } = await service.call('GET', '/content/posts', undefined, {
      key: `lrl_${'B'.repeat(43)}`,
    });
    expect([status, body.code]).toEqual([503, 'service_unavailable']);
    neighbour = await startNeighbour(nats.url);
  });
});
