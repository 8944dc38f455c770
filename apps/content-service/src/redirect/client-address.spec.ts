import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import proxyAddress from '@fastify/proxy-addr';
import fc from 'fast-check';
import { clientAddress } from './client-address.js';

const asked = (near: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress: near },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

it.each([
  ['nobody is believed unless told', undefined, asked('10.0.0.1', '198.18.0.1'), '10.0.0.1'],
  ['a trusted proxy is believed', '10.0.0.1', asked('10.0.0.1', '198.18.0.1'), '198.18.0.1'],
  ['an IPv4 proxy is known in IPv6 too', '10.0.0.1', asked('::ffff:10.0.0.1', '198.18.0.1'), '198.18.0.1'],
  ['anybody else is not', '10.0.0.1', asked('10.0.0.2', '198.18.0.1'), '10.0.0.2'],
  [
    'what a visitor claims is not',
    '10.0.0.0/8',
    asked('10.0.0.1', '1.1.1.1, 198.18.0.1, 10.9.9.9'),
    '198.18.0.1',
  ],
  ['a range may go by its name', 'loopback', asked('127.0.0.5', '198.18.0.1'), '198.18.0.1'],
])('%s', (_what, trusted, request, address) => {
  expect(clientAddress(trusted)(request)).toBe(address);
});

it('gives the address that Fastify would find', () => {
  const entry = fc.constantFrom(
    '10.0.0.1',
    '10.1.2.3',
    '192.168.7.7',
    '198.18.0.1',
    '::1',
    'fd00::7',
    '2001:db8::1',
    'unknown',
  );
  const trust = fc.constantFrom(
    '10.0.0.1',
    '10.0.0.0/8,::1',
    'uniquelocal',
    'loopback,10.0.0.0/8',
    'fd00::/8',
  );
  fc.assert(
    fc.property(trust, entry, fc.array(entry, { maxLength: 4 }), (trusted, near, far) => {
      const request = asked(near, far.length > 0 ? far.join(', ') : undefined);
      const theirs = proxyAddress(request, proxyAddress.compile(trusted.split(',')));
      expect(clientAddress(trusted)(request)).toBe(theirs);
    }),
  );
});
