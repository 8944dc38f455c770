import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { listPage, mailPage, missingPage, type Tab } from './page.js';
import type { Listening } from './smtp.js';
import type { MailStore } from './store.js';

/** Nothing runs on this page; a mail's own styles, fonts and pictures may load, for that is what its reader sees. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline' https:; font-src https: data:; img-src * data:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function page(body: string, status = 200): Answer {
  return { status, type: 'text/html; charset=utf-8', body };
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

function problem(status: number, title: string): Answer {
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status, title }),
  };
}

async function oneMessage(store: MailStore, id: number): Promise<Answer> {
  const mail = await store.read(id);
  if (!mail) return problem(404, 'There is no such mail (any more).');
  const { parsed, summary } = mail;
  const headers = parsed.headerLines.map(({ key, line }) => ({
    name: key,
    value: line.slice(line.indexOf(':') + 1).trim(),
  }));
  return json({ ...summary, text: parsed.text ?? '', html: parsed.html || '', headers });
}

async function oneMailPage(store: MailStore, id: number, tab: string | null): Promise<Answer> {
  const mail = await store.read(id);
  if (!mail) return page(missingPage(), 404);
  const wanted: Tab =
    tab === 'text' || tab === 'headers' ? tab : mail.parsed.html || tab === 'html' ? 'html' : 'text';
  return page(mailPage(mail.summary, mail.parsed, wanted));
}

function idIn(path: string, prefix: string): number | undefined {
  const rest = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  return /^\d{1,15}$/.test(rest) ? Number(rest) : undefined;
}

async function read(store: MailStore, { pathname, searchParams }: URL): Promise<Answer> {
  const asked = { to: searchParams.get('to') ?? '', text: searchParams.get('q') ?? '' };
  if (pathname === '/api/messages') return json(store.search(asked));
  if (pathname === '/health') return json({ status: 'ok' });
  if (pathname === '/') {
    const number = Math.max(1, Number.parseInt(searchParams.get('page') ?? '1', 10) || 1);
    return page(listPage({ mails: store.search(asked), query: asked.text || asked.to, page: number }));
  }
  const id = idIn(pathname, '/messages/');
  if (id !== undefined) return oneMailPage(store, id, searchParams.get('tab'));
  const asJson = idIn(pathname, '/api/messages/');
  if (asJson !== undefined) return oneMessage(store, asJson);
  return pathname.startsWith('/api/') ? problem(404, 'There is no such address.') : page(missingPage(), 404);
}

/** A page elsewhere could point a name of its own at the loopback (DNS rebinding) and read the mails: names other than ours are refused. */
function isOurName(request: IncomingMessage): boolean {
  const name = new URL(`http://${request.headers.host ?? 'localhost'}`).hostname;
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) > 0;
}

async function answer(store: MailStore, request: IncomingMessage): Promise<Answer> {
  if (!isOurName(request))
    return problem(421, 'This page answers to localhost and to addresses only, not to names.');
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' || request.method === 'HEAD') return read(store, url);
  if (request.method !== 'DELETE' || url.pathname !== '/api/messages')
    return problem(405, 'Only GET, and DELETE /api/messages.');
  store.clear();
  return { status: 204, type: 'text/plain', body: '' };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
}

/** Serves the caught mails as pages and as JSON. */
export async function listenForReaders(store: MailStore, host: string, port: number): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(store, request).then(
      (found) => send(response, found),
      () => send(response, problem(400, 'This request cannot be read.')),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
