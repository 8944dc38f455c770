import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, signToken } from '#libs/platform';
import { addPerson, startEngagement } from '../../../../test/support/engagement.js';
import { startTestNats } from '../../../../test/support/nats.js';
import type { TestService } from '../../../../test/support/service.js';
import { InvitationsService } from '../invitations/invitations.service.js';

let nats: Awaited<ReturnType<typeof startTestNats>>;
let service: TestService;

beforeAll(async () => {
  nats = await startTestNats();
  service = await startEngagement(nats.url);
});
afterAll(async () => {
  await service.stop();
  await nats.stop();
});

const importCsv = (csv: string) =>
  service.call('POST', '/engagement/people/import', csv, { type: 'text/csv' });
const told = async (type: string): Promise<{ personId: string; change?: string }[]> =>
  (
    await service.query<{ envelope: string }>(`SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`, [
      `laurel.evt.${type}`,
    ])
  ).map(({ envelope }) => JSON.parse(envelope).data);

describe('importing people from a CSV', () => {
  it('takes over the good rows and lists the bad ones with their lines', async () => {
    const { status, body } = await importCsv(
      [
        'email,name,zone,team,lead,external_id',
        'ada@csv.test,Ada,Europe/Rome,Research,,E1',
        'bob@csv.test,Bob,Europe/Atlantis,Research,,E2',
        'not-an-address,Cy,Europe/Rome,,,',
        '',
        'dan@csv.test,"Dan, the man",Europe/London,Sales,ada@csv.test,E4',
        'ada@csv.test,Ada again,Europe/Rome,,,',
        'eve@csv.test,Eve,Europe/Rome,Sales,nobody@csv.test,',
        'fay@csv.test,Fay,Europe/Rome,Sales,,E1',
        'gus@csv.test,Gus',
      ].join('\n'),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 2, updated: 0 });
    expect(
      body.rejected.map(({ line, errors }: { line: number; errors: string[] }) => [line, errors[0]]),
    ).toEqual([
      [3, expect.stringMatching(/^zone: is not an IANA time zone/)],
      [4, expect.stringMatching(/^email: /)],
      [7, 'email: already on line 2'],
      [8, expect.stringMatching(/^lead: nobody has the e-mail/)],
      [9, 'externalId: "E1" belongs to another person'],
      [10, expect.stringMatching(/^2 fields where the header has 6/)],
    ]);
    const [dan] = (await service.call('GET', '/engagement/people?email=DAN@csv.test')).body;
    const [ada] = (await service.call('GET', '/engagement/people?email=ada@csv.test')).body;
    expect(dan).toMatchObject({ name: 'Dan, the man', leadId: ada.id });
  });

  it('updates who is known, and tells of everybody without names or addresses', async () => {
    const { body } = await importCsv('email;name;zone\nada@csv.test;Ada L.;Europe/London');
    expect(body).toEqual({ created: 0, updated: 1, rejected: [] });
    const changes = await told('person.changed');
    expect(changes.map(({ change }) => change)).toEqual(['created', 'created', 'updated']);
    expect(JSON.stringify(changes)).not.toMatch(/csv\.test|Ada|Dan/);
  });

  it.each([
    ['an unknown column', 'email,name,zone,salary\na@b.test,A,Europe/Rome,1', 1, /unknown column "salary"/],
    ['an empty file', '', 1, /the file is empty/],
    [
      'a quote that is never closed',
      'email,name,zone\nok@b.test,Ok,Europe/Rome\na@b.test,"A,Europe/Rome\n',
      3,
      /quote/i,
    ],
  ])('says what is wrong with %s', async (_what, csv, line, message) => {
    const { status, body } = await importCsv(csv || '\n');
    expect(status).toBe(200);
    expect(body).toMatchObject({ rejected: [{ line, errors: [expect.stringMatching(message)] }] });
  });

  it('gets two imports of the same people through at once, whatever their order', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `p${i}@race.test,P${i},Europe/Rome`);
    const [head, ...files] = ['email,name,zone', rows, rows.toReversed(), rows] as [string, ...string[][]];
    const answers = await Promise.all(files.map((lines) => importCsv([head, ...lines].join('\n'))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.reduce((sum, { body }) => sum + body.created, 0)).toBe(300);
  });
});

describe('an invitation', () => {
  const invite = (personIds: string[], wave = 'first wave') =>
    service.call('POST', '/engagement/invitations', { wave, personIds });
  const linkOf = async (personId: string): Promise<{ id: string; path: string }> => {
    const [row] = await service.query<{ id: string }>(`SELECT id FROM invitations WHERE person_id = $1`, [
      personId,
    ]);
    const [link] = await service.app.get(InvitationsService, { strict: false }).links([row!.id]);
    return { id: row!.id, path: new URL(link!.url).pathname };
  };
  const visit = (method: string, path: string) => service.call(method, path, undefined, { key: null });
  const acceptedAt = async (id: string): Promise<unknown> =>
    (
      await service.query<{ accepted_at: Date | null }>(`SELECT accepted_at FROM invitations WHERE id = $1`, [
        id,
      ])
    )[0]!.accepted_at;

  it('is sent once to each person of a wave', async () => {
    const people = [await addPerson(service, 'ina@inv.test'), await addPerson(service, 'ivo@inv.test')];
    expect((await invite([...people, people[0]!])).body).toEqual({ invited: 2, alreadyInvited: 1 });
    const again = await Promise.all([invite(people), invite(people)]);
    expect(again.map(({ body }) => body.invited)).toEqual([0, 0]);
    expect(await told('invitation.sent')).toHaveLength(2);
  });

  it('names people nobody knows and then invites no one', async () => {
    const stranger = newId();
    const { status, body } = await invite([await addPerson(service, 'kim@inv.test'), stranger], 'strangers');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'person_unknown',
      errors: [{ message: `there is no person "${stranger}"` }],
    });
    expect(await service.query(`SELECT FROM invitations WHERE wave = 'strangers'`)).toEqual([]);
  });

  it('is shown by GET and HEAD without changing anything, and accepted by POST once', async () => {
    const person = await addPerson(service, 'uma@inv.test', { locale: 'it', name: 'Uma <b>' });
    await invite([person]);
    const { id, path } = await linkOf(person);
    const page = await visit('GET', path);
    await visit('HEAD', path);
    expect(page).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    expect(page.text).toContain('Ciao Uma &lt;b&gt;');
    expect(page.text).toContain('<form method="post">');
    expect(await acceptedAt(id)).toBeNull();
    const answers = await Promise.all([visit('POST', path), visit('POST', path), visit('POST', path)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await acceptedAt(id)).toEqual(new Date('2026-03-02T08:00:00Z'));
    expect((await told('invitation.accepted')).filter(({ personId }) => personId === person)).toHaveLength(1);
    expect((await visit('GET', path)).text).not.toContain('<form');
  });

  it('refuses a forged or foreign token kindly', async () => {
    const person = await addPerson(service, 'pia@inv.test');
    await invite([person]);
    const { id, path } = await linkOf(person);
    const foreign = signToken(
      'another secret that is also long enough',
      'invitation',
      id,
      new Date('2027-01-01'),
    );
    const crossed = signToken(
      'a secret that only tests use, and nobody else',
      'unsubscribe',
      id,
      new Date('2027-01-01'),
    );
    for (const token of ['nonsense', `${path.slice(3, -1)}x`, foreign, crossed, `${id}.zzzzzz.AAAA`]) {
      const { status, text } = await visit('POST', `/i/${token}`);
      expect([status, /This link does not work/.test(text)]).toEqual([404, true]);
    }
    expect(await acceptedAt(id)).toBeNull();
  });

  it('that has run out says so in the language of the person', async () => {
    const person = await addPerson(service, 'ola@inv.test', { locale: 'pl-PL' });
    await service.call('POST', '/engagement/invitations', {
      wave: 'short',
      personIds: [person],
      expiresInDays: 1,
    });
    const { id, path } = await linkOf(person);
    await service.moveTo('2026-03-04T08:00:00Z');
    const { status, text } = await visit('POST', path);
    expect(status).toBe(410);
    expect(text).toContain('To zaproszenie wygasło');
    expect(await acceptedAt(id)).toBeNull();
  });
});

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
    expect(open).toEqual(['GET /health/live', 'GET /health/ready', 'GET /engagement/asyncapi.json']);
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

describe('somebody invited in two waves', () => {
  it('accepts both at once, and links of either are given out no more', async () => {
    const person = await addPerson(service, 'twice@waves.test');
    for (const wave of ['first', 'second'])
      await service.call('POST', '/engagement/invitations', { wave, personIds: [person] });
    const rows = await service.query<{ id: string }>(
      `SELECT id FROM invitations WHERE person_id = $1 ORDER BY sent_at, wave`,
      [person],
    );
    const invitations = service.app.get(InvitationsService, { strict: false });
    expect(await invitations.links(rows.map(({ id }) => id))).toHaveLength(2);
    await invitations.accept(rows[1]!.id);
    expect(await invitations.links(rows.map(({ id }) => id))).toEqual([]);
    const accepted = await told('invitation.accepted');
    expect(accepted.filter(({ personId }) => personId === person)).toHaveLength(2);
  });
});

describe('a second import', () => {
  it('leaves alone what the file does not speak of, and clears what it empties', async () => {
    await importCsv(
      'email,name,zone,locale,team,seniority,lead\nlea@part.test,Lea,Europe/Rome,it,Sales,lead,',
    );
    await importCsv(
      'email,name,zone,locale,team,seniority,lead\npia@part.test,Pia,Europe/Rome,it,Sales,executive,lea@part.test',
    );
    await importCsv('email,name,zone\npia@part.test,Pia P,Europe/Warsaw');
    const pia = async () => (await service.call('GET', '/engagement/people?email=pia@part.test')).body[0];
    expect(await pia()).toMatchObject({
      name: 'Pia P',
      zone: 'Europe/Warsaw',
      locale: 'it',
      team: 'Sales',
      seniority: 'executive',
      leadId: expect.any(String),
    });
    await importCsv('email,name,zone,team,lead,seniority\npia@part.test,Pia P,Europe/Warsaw,,,');
    expect(await pia()).toMatchObject({ team: null, leadId: null, seniority: 'executive' });
  });
});
