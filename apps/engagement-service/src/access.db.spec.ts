import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { useEngagement } from '../../../test/support/engagement.js';
import type { TestService } from '../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

describe('access', () => {
  it('is denied to every route without a key, but for those declared public', async () => {
    const { body } = await service.call('GET', '/engagement/openapi.json', undefined, { key: null });
    const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    expect(routes.length).toBeGreaterThan(30);
    const open: string[] = [];
    for (const [method, path] of routes) {
      const { status } = await service.call(method, path.replaceAll(/\{\w+\}/g, newId()), undefined, {
        key: null,
      });
      if (status !== 401) open.push(`${method} ${path}`);
    }
    expect(open).toEqual([
      'GET /health/live',
      'GET /health/ready',
      'GET /engagement/asyncapi.json',
      // Verifiers of badges anywhere read these, and the page of a credential is for whoever has its address.
      'GET /engagement/credentials/issuer',
      'GET /engagement/credentials/jwks.json',
      'GET /engagement/credentials/keys/{kid}',
      'GET /engagement/credentials/status/{list}',
      'GET /engagement/badges/{badge}/achievement',
      'GET /engagement/badges/{badge}/artwork.svg',
      'POST /engagement/credentials/verify',
      'GET /engagement/credentials/{id}',
      'GET /engagement/credentials/{id}/credential.json',
      'GET /engagement/credentials/{id}/credential.jwt',
      'GET /engagement/credentials/{id}/badge.svg',
      'GET /engagement/credentials/{id}/badge.png',
    ]);
  });

  it('is denied to unknown, malformed and revoked keys', async () => {
    const { body } = await service.call('POST', '/engagement/keys', { name: 'short-lived', role: 'admin' });
    const me = (key: string) => service.call('GET', '/engagement/keys/me', undefined, { key });
    expect((await me(body.key)).status).toBe(200);
    await service.call('DELETE', `/engagement/keys/${body.id}`);
    for (const key of [body.key, `lrl_${'A'.repeat(43)}`, 'lrl_short', ''])
      expect((await me(key)).status).toBe(401);
  });

  it('is by role: HR does no admin work, partners see no people', async () => {
    const keyFor = async (role: string): Promise<string> =>
      (await service.call('POST', '/engagement/keys', { name: role, role })).body.key;
    const [hr, partner] = [await keyFor('hr'), await keyFor('partner')];
    const ask = async (key: string, method: string, url: string, body?: unknown) =>
      (await service.call(method, url, body, { key })).status;
    expect(await ask(hr, 'GET', '/engagement/people')).toBe(200);
    expect(await ask(hr, 'POST', '/engagement/keys', { name: 'mine', role: 'admin' })).toBe(403);
    expect(await ask(hr, 'PUT', '/clock', { now: '2030-01-01T00:00:00Z' })).toBe(403);
    expect(await ask(hr, 'GET', '/engagement/dead-letters')).toBe(403);
    expect(await ask(partner, 'GET', '/engagement/people')).toBe(403);
    expect(await ask(partner, 'GET', '/engagement/badges')).toBe(200);
  });

  it('never shows a key again', async () => {
    const { text } = await service.call('GET', '/engagement/keys');
    expect(text).not.toMatch(/lrl_|keyHash/);
  });
});

describe('bad input', () => {
  it('comes back as problem+json with a path for every mistake', async () => {
    const { status, headers, body } = await service.call('POST', '/engagement/people', {
      email: 'x',
      zone: 'Mars/Base',
      salary: 1,
    });
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({
      type: 'urn:laurel:problem:invalid_input',
      status: 400,
      instance: '/engagement/people',
      traceId: expect.any(String),
    });
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '(body)',
      'email',
      'name',
      'zone',
    ]);
  });

  it('of one activity in a batch is named by its place', async () => {
    const personId = newId();
    const good = { type: 'training.attended', personId };
    const { status, body } = await service.call('POST', '/engagement/activities', [
      good,
      { ...good, type: 'content.shared' },
      { ...good, personId: 'x' },
    ]);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { path: '1.type', message: 'is told by Laurel itself and cannot be reported' },
      { path: '2.personId', message: expect.any(String) },
    ]);
  });

  it.each([
    ['malformed JSON', 'POST', '/engagement/people', '{"email":', 400, 'malformed_request'],
    ['an unknown route', 'GET', '/engagement/nowhere', undefined, 404, 'route_unknown'],
    ['a malformed id', 'GET', '/engagement/people/17', undefined, 400, 'invalid_input'],
    ['an unknown id', 'GET', `/engagement/people/${newId()}`, undefined, 404, 'person_unknown'],
    ['an unknown query', 'GET', '/engagement/people?colour=red', undefined, 400, 'invalid_input'],
    ['a body of another type', 'POST', '/engagement/people/import', '{}', 400, 'invalid_input'],
    [
      'too large a body',
      'POST',
      '/engagement/people',
      JSON.stringify({ name: 'x'.repeat(6_000_000) }),
      413,
      'body_too_large',
    ],
    [
      'a character PostgreSQL cannot hold',
      'POST',
      '/engagement/people',
      '{"email":"n@b.test","name":"N","zone":"Europe/Rome","team":"a\\u0000"}',
      400,
      'text_refused',
    ],
    [
      'half a surrogate pair',
      'POST',
      '/engagement/people',
      '{"email":"n@b.test","name":"N","zone":"Europe/Rome","team":"\\ud800"}',
      400,
      'text_refused',
    ],
  ])('such as %s is told apart', async (_what, method, url, body, status, code) => {
    const answer = await service.call(method, url, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
