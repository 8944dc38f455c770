import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswerRefused, OutboundRefused, isPublicAddress, outbound } from './index.js';

describe('asking the outside', () => {
  let [host, refusedPort] = ['', 0];
  const server = createServer((request, response) => {
    if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (request.url?.startsWith('/to?'))
      return void response.writeHead(302, { location: decodeURIComponent(request.url.slice(4)) }).end();
    if (request.url === '/unpackable')
      return void response.writeHead(201, { 'content-encoding': 'gzip' }).end('no gzip');
    if (request.url === '/slow') return void response.writeHead(200);
    response.writeHead(200).end('x'.repeat(1_000));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    refusedPort = (server.address() as AddressInfo).port;
    host = `127.0.0.1:${refusedPort}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (url: string, more: object = {}) =>
    outbound(url, { maxBytes: 2_000, timeoutMs: 1_000, allowHosts: [host], ...more });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ])('does not take %s for public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each([
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    'nonsense',
  ])('does not take %s for public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['93.184.215.14', '2606:4700:4700::1111'])('takes %s for public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    'http://127.0.0.1:1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest',
  ])('refuses the literal %s', (url) => expect(ask(url)).rejects.toThrow(OutboundRefused));
  it('refuses a name that leads to a private address', () =>
    expect(ask(`http://localhost:${refusedPort}/`)).rejects.toThrow(/non-public address/));
  it.each(['file:///etc/passwd', 'ftp://93.184.215.14/', 'data:text/plain,x'])('refuses %s', (url) =>
    expect(ask(url)).rejects.toThrow(/is not http/),
  );

  it.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    '//[::1]/x',
  ])('refuses a redirect to %s', (url) =>
    expect(ask(`http://${host}/to?${encodeURIComponent(url)}`)).rejects.toThrow(OutboundRefused),
  );
  it('gives up on endless redirects, long answers and silence', async () => {
    await expect(ask(`http://${host}/loop`)).rejects.toThrow('more than 5 redirects');
    await expect(ask(`http://${host}/`, { maxBytes: 999 })).rejects.toThrow('longer than 999 bytes');
    await expect(ask(`http://${host}/slow`, { timeoutMs: 100 })).rejects.toThrow(/timeout|aborted/i);
  });
  it.each([
    ['cannot be unpacked', '/unpackable', 201],
    ['is too long', '/', 200],
    ['is a redirect too many', '/to?/x', 302],
  ])('tells what was answered when the answer %s', async (_what, path, status) => {
    const error = await ask(`http://${host}${path}`, { maxBytes: 999, redirects: 0 }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(AnswerRefused);
    expect(error).toMatchObject({ status });
  });
  it('answers from a host that is allowed, port and all', async () => {
    expect((await ask(`http://${host}/to?/x`)).body).toHaveLength(1_000);
    await expect(ask(`http://127.0.0.1:${refusedPort}/`, { allowHosts: ['127.0.0.1'] })).rejects.toThrow(
      OutboundRefused,
    );
  });
});
