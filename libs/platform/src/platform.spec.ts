import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory, Reflector } from '@nestjs/core';
import { z } from 'zod';
import {
  Allow,
  OutboundRefused,
  Poller,
  ProgrammeError,
  Public,
  VirtualClock,
  isPublicAddress,
  outbound,
  readEnv,
  readToken,
  readYaml,
  readYamlFile,
  createClock,
  serviceEnv,
  signToken,
  stableId,
  traceFrom,
  undecidedRoutes,
} from './index.js';
import type { ServiceEnv } from './index.js';

describe('reading YAML', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-yaml-'));
  const file = join(folder, 'programme.yaml');
  const schema = z.strictObject({
    name: z.string(),
    rules: z.array(z.strictObject({ id: z.string(), award: z.int() })),
  });
  const problemsOf = (text: string): string[] => {
    writeFileSync(file, text);
    try {
      readYaml(file, schema);
    } catch (error) {
      return (error as ProgrammeError).problems.map(({ line, message }) => `${line} ${message}`);
    }
    return [];
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the line of every mistake, a missing key at its parent', () => {
    const text = '# rules\nname: N\nrules:\n  - id: a\n    award: 1\n  - id: b\n    award: many\n  - id: c\n';
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^7 rules\.1\.award: /),
      expect.stringMatching(/^8 rules\.2\.award: /),
    ]);
  });

  it('names the line of an unknown key', () => {
    expect(problemsOf('name: N\nrules: []\ncolour: red\n')).toEqual([expect.stringMatching(/^3 .*colour/)]);
  });

  it('names the line of broken syntax, and of an alias bomb', () => {
    expect(problemsOf('name: N\nrules: [\n')).toEqual([expect.stringMatching(/^[23] /)]);
    expect(problemsOf('name: "N\nrules: []')[0]).toMatch(/^\d /);
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ];
    expect(problemsOf(bomb.join('\n'))).not.toEqual([]);
  });

  it('says so when the file is empty', () => {
    expect(problemsOf('')).toEqual([expect.stringMatching(/^1 /)]);
  });

  it('says so when the file is missing', () => {
    const missing = join(folder, 'missing.yaml');
    expect(() => readYaml(missing, schema)).toThrow(`${missing}:1: this file is missing; add it`);
  });

  it('knows on which line a value begins, also below its key', () => {
    writeFileSync(file, 'a: x\nb:\n  x\nc: |\n  x\nd:\n  - x\n  - >-\n    x\n');
    const { lineOf } = readYamlFile(file, z.unknown());
    const paths = [['a'], ['b'], ['c'], ['d', 0], ['d', 1], ['d', 7], ['e']];
    expect(paths.map(lineOf)).toEqual([1, 3, 5, 7, 9, 7, 1]);
  });
});

describe('a link token', () => {
  const secret = 'a secret that only this test knows';
  const expires = new Date('2026-03-10T12:00:00Z');
  const now = new Date('2026-03-10T11:59:59Z');
  const token = signToken(secret, 'invitation', 'b3c1', expires);

  it('tells whom it is for until it runs out, and that it has', () => {
    expect(readToken(secret, 'invitation', token, now)).toEqual({ ok: true, subject: 'b3c1' });
    expect(readToken(secret, 'invitation', token, new Date('2026-03-10T12:00:01Z'))).toEqual({
      ok: false,
      reason: 'expired',
      subject: 'b3c1',
    });
  });

  it('is worth nothing with another secret, purpose, subject or expiry', () => {
    const [subject, expiry, signature] = token.split('.') as [string, string, string];
    const forged = [
      `x.${expiry}.${signature}`,
      `${subject}.zzzzzz.${signature}`,
      `${subject}.${expiry}.`,
      `${subject}.${expiry}.${signature}x`,
      `${token}.x`,
      '',
      '..',
    ];
    for (const text of forged)
      expect(readToken(secret, 'invitation', text, now)).toEqual({ ok: false, reason: 'invalid' });
    expect(readToken(`${secret}!`, 'invitation', token, now).ok).toBe(false);
    expect(readToken(secret, 'unsubscribe', token, now).ok).toBe(false);
  });
});

describe('asking the outside', () => {
  let [host, refusedPort] = ['', 0];
  const server = createServer((request, response) => {
    if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (request.url?.startsWith('/to?'))
      return void response.writeHead(302, { location: decodeURIComponent(request.url.slice(4)) }).end();
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
  it('answers from a host that is allowed, port and all', async () => {
    expect((await ask(`http://${host}/to?/x`)).body).toHaveLength(1_000);
    await expect(ask(`http://127.0.0.1:${refusedPort}/`, { allowHosts: ['127.0.0.1'] })).rejects.toThrow(
      OutboundRefused,
    );
  });
});

describe('a poller', () => {
  const logger = { error: () => undefined } as never;
  const settle = (): Promise<void> => pause(20);

  it('never works twice at a time, and looks again when hinted meanwhile', async () => {
    let [atWork, most, looks] = [0, 0, 0];
    const work = async (): Promise<number> => {
      most = Math.max(most, ++atWork);
      looks++;
      await pause(5);
      atWork--;
      return 0;
    };
    const poller = new Poller({ name: 'p', work, everyMs: 60_000, logger });
    poller.start();
    for (let i = 0; i < 10; i++) poller.hint();
    await pause(2);
    poller.hint();
    await pause(40);
    expect([most, looks, poller.idle]).toEqual([1, 2, true]);
    await poller.stop();
  });

  it('goes on at once while there is something to do', async () => {
    const batches = [5, 5, 2, 0];
    const poller = new Poller({
      name: 'p',
      work: () => Promise.resolve(batches.shift() ?? 0),
      everyMs: 60_000,
      logger,
    });
    poller.start();
    await settle();
    expect([batches, poller.done, poller.idle]).toEqual([[], 12, true]);
    await poller.stop();
  });

  it('that failed is not idle until it has tried again', async () => {
    let failures = 1;
    const work = (): Promise<number> =>
      failures-- > 0 ? Promise.reject(new Error('no')) : Promise.resolve(0);
    const poller = new Poller({ name: 'p', work, everyMs: 30, logger });
    poller.start();
    await pause(10);
    expect(poller.idle).toBe(false);
    await pause(60);
    expect(poller.idle).toBe(true);
    await poller.stop();
  });

  it('finishes the batch at hand when stopped, and never works again', async () => {
    let [begun, ended] = [0, 0];
    const work = async (): Promise<number> => {
      begun++;
      await pause(20);
      return ++ended;
    };
    const poller = new Poller({ name: 'p', work, everyMs: 1, logger });
    poller.start();
    await pause(5);
    await poller.stop();
    poller.hint();
    await pause(40);
    expect([begun, ended]).toEqual([1, 1]);
  });
});

describe('the environment', () => {
  const good = {
    PORT: '3000',
    DATABASE_URL: 'postgres://u:hunter2@h/d',
    NATS_URL: 'nats://h',
    LAUREL_SECRET: 'x'.repeat(32),
    PUBLIC_CONTENT_URL: 'http://c',
    PUBLIC_ENGAGEMENT_URL: 'http://e',
    PUBLIC_NOTIFICATION_URL: 'http://n',
  };

  it('that is wrong is told by the names of all bad keys, never by a value', () => {
    const bad = {
      ...good,
      LAUREL_SECRET: 'tooshort',
      DATABASE_URL: 'hunter2',
      LAUREL_CLOCK: 'sundial',
      PORT: 'harbour',
    };
    let message = '';
    try {
      readEnv(serviceEnv, bad);
    } catch (error) {
      ({ message } = error as Error);
    }
    for (const key of ['LAUREL_SECRET', 'DATABASE_URL', 'LAUREL_CLOCK', 'PORT'])
      expect(message).toContain(`  ${key}: `);
    expect(message).not.toMatch(/tooshort|hunter2|sundial|harbour/);
  });

  it('in production refuses virtual time', () => {
    expect(() =>
      createClock(readEnv(serviceEnv, { ...good, LAUREL_CLOCK: 'virtual' }) as ServiceEnv),
    ).toThrow(/refused when NODE_ENV=production/);
    expect(
      createClock(readEnv(serviceEnv, { ...good, LAUREL_CLOCK: 'virtual', NODE_ENV: 'test' })).mode,
    ).toBe('virtual');
  });
});

describe('a virtual clock', () => {
  it('stands still until it is moved, and never goes back', () => {
    const clock = new VirtualClock(new Date('2026-03-01'));
    clock.now().setFullYear(1999);
    expect(clock.moveTo(new Date('2026-02-28'))).toBe(false);
    expect(clock.now()).toEqual(new Date('2026-03-01'));
    expect(clock.moveTo(new Date('2026-03-02'))).toBe(true);
  });
});

describe('routes', () => {
  @Controller('a')
  class Mixed {
    @Get('open')
    @Public('for the test')
    open(): void {}
    @Get('shut')
    @Allow('hr')
    shut(): void {}
    @Post('forgotten')
    forgotten(): void {}
    helper(): void {}
  }
  @Controller('b')
  @Allow('admin')
  class Whole {
    @Get()
    one(): void {}
  }
  @Module({ imports: [DiscoveryModule], controllers: [Mixed, Whole] })
  class Routes {}

  it('without an access decision are found', async () => {
    const module = await NestFactory.createApplicationContext(Routes, { logger: false });
    expect(undecidedRoutes(module.get(DiscoveryService), module.get(Reflector))).toEqual(['Mixed.forgotten']);
  });
});

describe('ids and traces', () => {
  it('of the same parts are the same UUID, and parts do not run together', () => {
    expect(stableId('a', 'b')).toBe(stableId('a', 'b'));
    expect(stableId('a', 'b')).not.toBe(stableId('ab'));
    expect(stableId('a', 'b')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('follow a well-formed traceparent only', () => {
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(traceFrom(`00-${id}-00f067aa0ba902b7-01`).traceId).toBe(id);
    expect(traceFrom(`00-${id}-short-01`).traceId).not.toBe(id);
  });
});
