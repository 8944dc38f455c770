import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hookSecret, newId, signWebhook, wrongWebhook } from '#libs/platform';
import { Engine, incoming } from './engine.support.js';

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

const calls: Call[] = [];
let respond: (count: number) => [number, string] = () => [200, '{"ok":"yes"}'];
let other: Server;
let engine: Engine;

beforeAll(async () => {
  other = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      const [status, text] = respond(calls.length);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  engine = new Engine(workflows(`http://127.0.0.1:${port}`), { ENGAGEMENT_ALLOW_HOSTS: `127.0.0.1:${port}` });
  await engine.start();
});
afterAll(async () => {
  await engine.stop();
  other.closeAllConnections();
  other.close();
});

const workflows = (origin: string): string[] => [
  `
id: caller
name: Calls another system
on: { event: suggestion.published, if: 'event.what == "call"', key: event.objectId }
steps:
  - { id: tell, call: { url: "${origin}/hook", data: { object: event.objectId } }, retry: { times: 1, after: 10m } }
`,
  `
id: carefree
name: Goes on whatever the answer
on: { event: suggestion.published, if: 'event.what == "carefree"' }
steps:
  - { id: tell, call: { url: "https://127.0.0.1:1/hook", on_error: continue } }
  - { id: kept, set: { why: vars.tell.error } }
`,
  `
id: listener
name: Hears another system
on: { webhook: hr-system, if: 'event.kind == "joined"', key: event.employee }
steps:
  - { id: later, wait: 1d }
`,
];

const call = async (what: string, objectId = newId()): Promise<string> => {
  await engine.take(engine.service, [incoming('suggestion.published', 1, { what, objectId })]);
  await engine.quiet();
  return objectId;
};

describe('a call', () => {
  it('is signed, and its answer is kept', async () => {
    const objectId = await call('call');
    const { origin } = new URL(
      (await engine.service.query<{ url: string }>(`SELECT url FROM calls`))[0]!.url,
    );
    const { body } = await engine.service.call(
      'GET',
      `/engagement/webhooks/secret?url=${encodeURIComponent(origin)}`,
    );
    expect(calls).toHaveLength(1);
    expect(JSON.parse(calls[0]!.body)).toEqual({ object: objectId });
    expect(
      wrongWebhook(body.secret, calls[0]!.headers, calls[0]!.body, new Date('2026-03-02T08:00:00Z')),
    ).toBeNull();
    expect(
      wrongWebhook(body.secret, calls[0]!.headers, `${calls[0]!.body} `, new Date('2026-03-02T08:00:00Z')),
    ).toBe('webhook-signature is wrong');
    const [run] = await engine.runs('caller');
    expect(run).toMatchObject({
      status: 'done',
      vars: { tell: { ok: true, status: 200, body: { ok: 'yes' } } },
    });
  });

  it('that fails is tried again under the same webhook-id, and then fails the run', async () => {
    calls.length = 0;
    respond = () => [503, 'busy \u0000'];
    const key = await call('call');
    expect(calls).toHaveLength(1);
    await engine.moveTo('2026-03-02T08:10:00Z');
    expect(calls.map(({ headers }) => headers['webhook-id'])).toEqual([
      calls[0]!.headers['webhook-id'],
      calls[0]!.headers['webhook-id'],
    ]);
    const [run] = (await engine.runs('caller')).filter((item) => item.key === key);
    expect(run).toMatchObject({ status: 'failed', reason: expect.stringContaining('answered with 503') });
  });

  it('never leads to an address that is not public, and a run may go on nevertheless', async () => {
    await call('carefree');
    const [run] = await engine.runs('carefree');
    expect(run).toMatchObject({
      status: 'done',
      vars: { why: expect.stringContaining('not a public address') },
    });
  });

  it('that a killed process has taken is made again, under the same webhook-id', async () => {
    calls.length = 0;
    respond = () => [200, ''];
    await engine.service.query(
      `UPDATE calls SET state = 'open', leased_until = clock_timestamp() + interval '1 s'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await engine.quiet();
    const ids = await engine.service.query<{ id: string }>(
      `SELECT webhook_id AS id FROM calls WHERE url LIKE 'http:%'`,
    );
    expect(new Set(calls.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(ids.map(({ id }) => id)),
    );
  });
});

describe('a webhook', () => {
  const send = async (
    name: string,
    body: unknown,
    more: { secret?: string; at?: string; id?: string } = {},
  ) => {
    const hooks = (await engine.service.call('GET', '/engagement/hooks')).body;
    const text = JSON.stringify(body);
    const at = new Date(more.at ?? '2026-03-02T08:10:00Z');
    const headers = { ...signWebhook(more.secret ?? hooks[0].secret, more.id ?? newId(), at, text) };
    return engine.service.call('POST', `/engagement/hooks/${name}`, text, { key: null, headers });
  };

  it('starts a run, once however often it is sent', async () => {
    const sent = { kind: 'joined', employee: 'e1', note: 'a\u0000b' };
    const id = newId();
    expect((await send('hr-system', sent, { id })).status).toBe(202);
    expect((await send('hr-system', sent, { id })).status).toBe(202);
    await engine.quiet();
    const runs = await engine.runs('listener');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      key: 'e1',
      event: { type: 'webhook.received', name: 'hr-system', note: 'ab' },
    });
  });

  it('that is not signed rightly, or long ago, or that nobody listens to, is refused', async () => {
    const wrong = await send('hr-system', {}, { secret: 'whsec_bm9uc2Vuc2U=' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'webhook_not_believed']);
    expect((await send('hr-system', {}, { at: '2026-03-02T08:00:00Z' })).body.detail).toContain(
      'more than 5 minutes',
    );
    const secret = hookSecret('a secret that only tests use, and nobody else', 'nobody');
    expect((await send('nobody', {}, { secret })).status).toBe(404);
    expect((await send('nobody', {})).status).toBe(401);
    const unsigned = await engine.service.call('POST', '/engagement/hooks/hr-system', {}, { key: null });
    expect(unsigned.status).toBe(401);
    expect(await engine.runs('listener')).toHaveLength(1);
  });

  it('shows its secret to admins only', async () => {
    const { status } = await engine.service.call('GET', '/engagement/hooks', undefined, { key: null });
    expect(status).toBe(401);
  });
});
