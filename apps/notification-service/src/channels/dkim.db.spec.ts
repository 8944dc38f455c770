import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENV, readEnv } from '#libs/platform';
import { RunningService } from '../../test/running-service.js';
import { envSchema } from '../env.js';
import type { Env } from '../env.js';
import { readDkim } from './dkim.js';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let folder: string;
let service: RunningService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'laurel-dkim-'));
  await writeFile(join(folder, 'key.pem'), keys.privateKey);
  service = await RunningService.start(undefined, {
    DKIM_PRIVATE_KEY_FILE: join(folder, 'key.pem'),
    DKIM_SELECTOR: 'laurel',
    DKIM_DOMAIN: 'northwind.example',
  });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** RFC 6376, 3.4: relaxed canonicalisation, written anew so that the signature is not checked by who made it. */
const relaxedHeader = (field: string): string => {
  const colon = field.indexOf(':');
  const value = field.slice(colon + 1).replaceAll(/\r\n(?=[ \t])/g, '');
  return `${field.slice(0, colon).toLowerCase().trim()}:${value.replaceAll(/[ \t]+/g, ' ').trim()}`;
};
const relaxedBody = (body: string): string => {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  return lines.join('\r\n').replace(/(\r\n)*$/, '\r\n');
};

function check(raw: string): {
  body: boolean;
  signature: boolean;
  signed: string[];
  tags: Map<string, string>;
} {
  const [head, ...rest] = raw.split('\r\n\r\n');
  const fields = head!.split(/\r\n(?![ \t])/);
  const own = fields.find((field) => /^DKIM-Signature:/i.test(field))!;
  const tags = new Map(
    relaxedHeader(own)
      .slice('dkim-signature:'.length)
      .split(';')
      .map((tag) => {
        const at = tag.indexOf('=');
        return [tag.slice(0, at).trim(), tag.slice(at + 1).replaceAll(' ', '')] as const;
      }),
  );
  const signed = tags.get('h')!.toLowerCase().split(':');
  const covered = signed.flatMap((name) =>
    fields.filter((field) => field.toLowerCase().startsWith(`${name}:`)),
  );
  const unsigned = relaxedHeader(own).replace(/([;: ]b=)[^;]*/, '$1');
  const text = [...covered.map(relaxedHeader), unsigned].join('\r\n');
  const hash = createHash('sha256')
    .update(relaxedBody(rest.join('\r\n\r\n')))
    .digest('base64');
  const signature = Buffer.from(tags.get('b')!, 'base64');
  return {
    body: hash === tags.get('bh'),
    signature: verify('sha256', Buffer.from(text), createPublicKey(keys.publicKey), signature),
    signed,
    tags,
  };
}

describe('a signed mail', () => {
  it('can be verified with the public key, one-click unsubscribing included, and not once it is changed', async () => {
    const { personId } = service.engagement.person({ name: 'Zoë Müller' });
    service.request(personId, 'badge-earned', { badge: 'first-share' });
    await service.quiet();
    const { raw } = service.mailbox.received[0]!;
    // The server of the test writes down what came over the wire.
    const found = check(raw);
    expect(found).toMatchObject({ body: true, signature: true });
    expect([found.tags.get('d'), found.tags.get('s')]).toEqual(['northwind.example', 'laurel']);
    expect(found.signed).toEqual(
      expect.arrayContaining(['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']),
    );
    expect(check(raw.replace('Subject: ', 'Subject: Fwd ')).signature).toBe(false);
    expect(check(raw.replace(/<\/html>/i, '<b>x</b></html>').replace(/Hi /g, 'Ho ')).body).toBe(false);
  });
});

describe('a key', () => {
  const env = (more: object) => ({ ...service.app.get<Env>(ENV), ...more });

  it('that is not there or is none stops the start', async () => {
    await writeFile(join(folder, 'none.pem'), 'not a key');
    const file = (name: string) => readDkim(env({ DKIM_PRIVATE_KEY_FILE: join(folder, name) }));
    expect(() => file('missing.pem')).toThrow('ENOENT');
    expect(() => file('none.pem')).toThrow('holds no RSA private key');
  });

  it('needs a selector and a domain', () => {
    const { DKIM_SELECTOR: _, ...rest } = env({});
    const without = { ...rest, NOTIFICATION_ALLOW_HOSTS: '' };
    expect(() => readEnv(envSchema, without as unknown as Record<string, string>)).toThrow(
      'all three are needed, or none',
    );
  });
});
