import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFolder } from '#libs/platform';
import { RunningService } from '../../test/running-service.js';

const folder = fileURLToPath(new URL('../../../../programme', import.meta.url));
const files = readFolder(folder, ['.yaml', '.mjml', '.txt', '.json', '.svg']);
const path = 'en/validation-personal.yaml';
const original = files[`templates/${path}`]!;
const heading = (text: string): string => original.replace(/^heading: .*/m, `heading: ${text}`);

interface Answer {
  status: number;
  body: Record<string, unknown> & { errors: { path: string; message: string }[] };
}

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start();
});
afterAll(() => service.close());

async function call(method: string, route: string, body?: object): Promise<Answer> {
  const url = new URL(`/notification/templates/${route}`, await service.app.getUrl());
  const headers = {
    authorization: `Bearer ${service.engagement.adminKey}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  return {
    status: answer.status,
    body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text }) as Answer['body'],
  };
}

const preview = async (query = ''): Promise<unknown> =>
  (await call('GET', `validation-personal/preview?part=text${query}`)).body['text'];
const draft = (text: string): Promise<Answer> =>
  call('PUT', 'validation-personal/draft', { files: { [path]: heading(text) } });
const publish = (note?: string): Promise<Answer> =>
  call('POST', 'validation-personal/publish', note === undefined ? {} : { note });
const lastVersion = async (): Promise<unknown> =>
  ((await call('GET', 'validation-personal/versions')).body as unknown as object[])[0];

describe('a template over REST', () => {
  it('begins as the first version, which the programme brought', async () => {
    const { body } = await call('GET', 'validation-personal');
    expect(body).toMatchObject({ id: 'validation-personal', version: 1, source: 'programme' });
    expect(body['files']).toHaveProperty([path], original);
    expect(await lastVersion()).toMatchObject({
      version: 1,
      source: 'programme',
      publishedBy: 'programme version 0',
    });
  });

  it('can be drafted and looked at while everybody still gets the old one', async () => {
    const { status, body } = await draft('Applause for you');
    expect([status, body['findings']]).toEqual([200, []]);
    expect(await preview('&draft=true')).toContain('Applause for you');
    expect(await preview()).not.toContain('Applause for you');
  });

  it('counts from the moment it is published, and says who and when', async () => {
    expect((await publish('warmer words')).body).toMatchObject({
      version: 2,
      source: 'published',
      note: 'warmer words',
      publishedBy: 'test',
      publishedAt: service.now().toISOString(),
    });
    expect(await preview()).toContain('Applause for you');
    expect((await call('GET', 'validation-personal/draft')).status).toBe(404);
  });

  it('is noted with the delivery that was written with it', async () => {
    const { personId } = service.engagement.person();
    const key = service.request(personId, 'validation-personal', { clicks: 3 });
    await service.quiet();
    expect(service.mailbox.received.at(-1)?.mail.text).toContain('Applause for you');
    const rows = await service.sql('SELECT state, template_version FROM deliveries WHERE intent_key = $1', [
      key,
    ]);
    expect(rows).toEqual([{ state: 'sent', template_version: 2 }]);
  });

  it('comes back as files of the programme', async () => {
    const { body } = await call('GET', 'export');
    expect(body['templates']).toEqual(['validation-personal']);
    expect(body['files']).toHaveProperty([`templates/${path}`], heading('Applause for you'));
  });

  it('goes back to an earlier version as a new one', async () => {
    const { body } = await call('POST', 'validation-personal/rollback', { version: 1 });
    expect(body).toMatchObject({ version: 3, source: 'published', note: 'back to version 1' });
    expect(await preview()).not.toContain('Applause for you');
  });

  it('stays as published when a programme is applied that does not touch it, and follows one that does', async () => {
    await draft('Bravo');
    await publish();
    const apply = async (version: number, given: Record<string, string>): Promise<void> => {
      service.engagement.programmes.set(version, given);
      service.tell('programme.applied', { version });
      await service.quiet();
    };
    await apply(1, {
      ...files,
      'programme.yaml': files['programme.yaml']!.replace(/^name: .*/m, 'name: Loud Voices'),
    });
    expect(await preview()).toMatch(/Bravo[^]*Loud Voices/);
    await apply(2, { ...files, [`templates/${path}`]: heading('From the files') });
    expect(await preview()).toContain('From the files');
    expect(await lastVersion()).toMatchObject({
      version: 5,
      source: 'programme',
      publishedBy: 'programme version 2',
    });
  });
});

describe('a draft that is wrong', () => {
  it('is kept with its mistakes, and cannot be published', async () => {
    const { status, body } = await call('PUT', 'invite/draft', {
      files: {
        'it/invite.yaml': files['templates/it/invite.yaml']!.replace(
          /^heading: .*/m,
          "heading: '{{nobody}}'",
        ),
      },
    });
    expect(status).toBe(200);
    expect(body['findings']).toEqual([
      expect.objectContaining({ severity: 'error', code: 'variable_missing', file: 'it/invite.yaml' }),
    ]);
    const refused = await call('POST', 'invite/publish', {});
    expect([refused.status, refused.body['code']]).toEqual([422, 'template_wrong']);
    expect(refused.body.errors[0]?.path).toMatch(/^it\/invite\.yaml:\d+$/);
  });

  it.each([
    ['/etc/passwd', 'no other path and no URL'],
    ['../programme.yaml', 'no other path and no URL'],
    ['https://example.com/x.mjml', 'no other path and no URL'],
    ['partials/header.mjml', 'no other path and no URL'],
    ['en/badge-earned.yaml', 'no other path and no URL'],
    ['xx/invite.yaml', 'the programme does not speak "xx"; it speaks en, it, ms, pl'],
  ])('cannot bring the file %s', async (name, reason) => {
    const { status, body } = await call('PUT', 'invite/draft', { files: { [name]: 'x' } });
    expect([status, body['code']]).toEqual([422, 'template_files_refused']);
    expect(body.errors).toEqual([{ path: `files.${name}`, message: expect.stringContaining(reason) }]);
  });

  it('cannot be larger than a template has reason to be', async () => {
    const large = await call('PUT', 'invite/draft', { files: { 'invite.mjml': 'x'.repeat(300 * 1024) } });
    expect(large.body.errors).toEqual([
      { path: 'files.invite.mjml', message: expect.stringContaining('is over 256 KB') },
    ]);
    const huge = await call('PUT', 'invite/draft', {
      files: { 'invite.mjml': 'x'.repeat(10 * 1024 * 1024) },
    });
    expect(huge.status).toBe(413);
  });
});

describe('what does not exist', () => {
  it.each([
    ['nope/preview', 404, 'template_unknown'],
    ['invite/preview?locale=qqq', 422, 'locale_unknown'],
    ['invite/preview?part=picture', 501, 'pictures_unavailable'],
    ['invite/versions/99', 404, 'template_version_unknown'],
  ])('%s answers %i %s', async (route, status, code) => {
    const answer = await call('GET', route);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });
});
