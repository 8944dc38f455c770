import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, importJWK } from 'jose';
import { adminKey } from '../../../../test/support/service.js';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { bakePng, bakeSvg, fromPng, fromSvg } from './baking.js';

let service: TestService;
let another: () => Promise<TestService>;

useEngagement((stage) => ({ service, another } = stage));

const open = { key: null } as const;
const get = (path: string) => service.call('GET', path, undefined, open);
const verify = async (body: unknown, type = 'application/json') =>
  (await service.call('POST', '/engagement/credentials/verify', body, { ...open, type })).body;
const bytes = async (path: string): Promise<Buffer> => {
  const answer = await fetch(`${await service.app.getUrl()}${path}`);
  return Buffer.from(await answer.arrayBuffer());
};
const verifyBytes = async (body: Buffer, type: string) => {
  const url = `${await service.app.getUrl()}/engagement/credentials/verify`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(body),
  });
  return (await answer.json()) as { status: string };
};

/** A colleague who has shared for the first time; the award of it and its credential. */
async function credentialOf(email: string): Promise<{ award: string; path: string }> {
  const personId = await addPerson(service, email, { name: 'Ada <Byron>', locale: 'it' });
  const occurredAt = '2026-03-01T10:00:00.000Z';
  const activity = { type: 'content.shared', personId, occurredAt, data: {} };
  await service.app.get(ActivitiesService, { strict: false }).report([activity]);
  const [award] = (await service.call('GET', `/engagement/people/${personId}/badges`)).body;
  const { body } = await service.call('POST', `/engagement/badges/awards/${award.id}/credential`);
  return { award: award.id, path: new URL(body.url).pathname };
}

let ada: Awaited<ReturnType<typeof credentialOf>>;
beforeAll(async () => {
  ada = await credentialOf('ada@badges.test');
});
const jwtOf = async ({ path }: { path: string }): Promise<string> =>
  (await get(`${path}/credential.jwt`)).text;

describe('a credential', () => {
  it('is one for each award, however often it is asked for', async () => {
    const ask = () => service.call('POST', `/engagement/badges/awards/${ada.award}/credential`);
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one.body).toEqual(two.body);
    expect(new URL(one.body.url).pathname).toBe(ada.path);
  });

  it('is an OpenBadgeCredential that says who by a salted hash alone', async () => {
    const { headers, body, text } = await get(`${ada.path}/credential.json`);
    expect(headers['content-type']).toMatch('application/vc+json');
    expect(body).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2', expect.stringContaining('/ob/v3p0/context')],
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      id: `http://engagement.test${ada.path}`,
      issuer: {
        id: 'http://engagement.test/engagement/credentials/issuer',
        type: ['Profile'],
        name: 'Northwind',
      },
      validFrom: '2026-03-01T10:00:00.000Z',
      credentialSubject: {
        type: ['AchievementSubject'],
        achievement: { type: ['Achievement'], name: 'First share' },
      },
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
    });
    const [{ salt, identityHash }] = body.credentialSubject.identifier;
    const hash = createHash('sha256').update(`ada@badges.test${salt}`).digest('hex');
    expect(identityHash).toBe(`sha256$${hash}`);
    expect(text).not.toMatch(/ada|byron/i);
  });

  it('is signed so that another library believes it, with the key that its kid leads to', async () => {
    const jwt = await jwtOf(ada);
    const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString());
    const { body: jwk } = await get(new URL(kid).pathname);
    const { payload, protectedHeader } = await compactVerify(jwt, await importJWK(jwk, 'EdDSA'));
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'JWT', kid });
    const claims = JSON.parse(Buffer.from(payload).toString());
    const { body } = await get(`${ada.path}/credential.json`);
    const { iss, jti, sub, nbf, ...credential } = claims;
    expect(credential).toEqual(body);
    expect([iss, jti, sub, nbf]).toEqual([body.issuer.id, body.id, body.credentialSubject.id, 1_772_359_200]);
    expect((await get('/engagement/credentials/jwks.json')).body.keys).toContainEqual(jwk);
  });

  it('has a page that people can read in the language of its owner, and that runs nothing', async () => {
    const { status, text, headers } = await get(ada.path);
    expect(status).toBe(200);
    expect(text).toContain('<html lang="it">');
    expect(text).toContain('Assegnato a Ada &lt;Byron&gt;');
    expect(text).toContain('1 marzo 2026');
    expect(text).not.toMatch(/<script|ada@badges/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const { body } = await get(`${ada.path}/credential.json`);
    expect((await get(new URL(body.credentialSubject.achievement.image.id).pathname)).text).toMatch(/^<svg/);
    expect((await get(new URL(body.credentialSubject.achievement.id).pathname)).body).toEqual(
      body.credentialSubject.achievement,
    );
  });

  it('is nobody’s whom the directory does not know', async () => {
    expect((await get('/engagement/credentials/6c0bfe0f-4c0e-4f39-8a4f-0f8f4dcd2a11')).status).toBe(404);
    const award = '/engagement/badges/awards/6c0bfe0f-4c0e-4f39-8a4f-0f8f4dcd2a11/credential';
    expect((await service.call('POST', award)).status).toBe(404);
    expect((await service.call('POST', award, undefined, open)).status).toBe(401);
  });
});

describe('a picture with a credential baked into it', () => {
  it('of either kind gives the very credential back, and is verified as it was downloaded', async () => {
    const jwt = await jwtOf(ada);
    const [svg, png] = [await bytes(`${ada.path}/badge.svg`), await bytes(`${ada.path}/badge.png`)];
    expect(fromSvg(svg.toString())).toBe(jwt);
    expect(fromPng(png)).toBe(jwt);
    expect(await verifyBytes(svg, 'image/svg+xml')).toMatchObject({ status: 'valid' });
    expect(await verifyBytes(png, 'image/png')).toMatchObject({ status: 'valid' });
    expect(png.length).toBeLessThan(60_000);
  });

  it('is baked once, whatever was in it before', async () => {
    const png = await bytes(`${ada.path}/badge.png`);
    const again = bakePng(png, 'a.b.c');
    expect(fromPng(again)).toBe('a.b.c');
    expect(again.toString('latin1').match(/openbadgecredential/g)).toHaveLength(1);
    const svg = bakeSvg(bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"></svg>', 'a.b.c'), 'd.e.f');
    expect(svg.match(/<openbadges:credential/g)).toHaveLength(1);
    expect(fromSvg(svg)).toBe('d.e.f');
  });

  it('that is broken off anywhere is no credential, and breaks nothing', async () => {
    const png = await bytes(`${ada.path}/badge.png`);
    for (const length of [0, 4, 8, 20, 33, 60, 500])
      expect(
        (await verifyBytes(Buffer.concat([png.subarray(0, length), Buffer.from('x')]), 'image/png')).status,
      ).toBe('forged');
  });
});

describe('verifying', () => {
  const tampered = (jwt: string, change: (payload: Record<string, never>) => object): string => {
    const [head, body, signature] = jwt.split('.') as [string, string, string];
    const payload = change(JSON.parse(Buffer.from(body, 'base64url').toString()));
    return `${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
  };

  it('believes what stands, and shows what it says', async () => {
    const verdict = await verify({ credential: await jwtOf(ada) });
    expect(verdict).toMatchObject({ status: 'valid', credential: { name: 'First share' } });
    expect(verdict.reason).not.toBe('');
  });

  it('sees every change, whatever algorithm or key is claimed', async () => {
    const jwt = await jwtOf(ada);
    const [head, body, signature] = jwt.split('.') as [string, string, string];
    const header = JSON.parse(Buffer.from(head, 'base64url').toString());
    const headed = (change: object): string =>
      `${Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url')}.${body}`;
    const forged = [
      tampered(jwt, (payload) => ({ ...payload, name: 'Champion' })),
      `${headed({ alg: 'none' })}.${signature}`,
      `${headed({ alg: 'HS256' })}.${signature}`,
      `${headed({ kid: 'http://evil.example/key' })}.${signature}`,
      `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
      'nonsense',
    ];
    for (const credential of forged)
      expect(await verify({ credential })).toMatchObject({ status: 'forged', credential: null });
    const foreign = tampered(jwt, (payload) => ({ ...payload, iss: 'https://other.example' }));
    expect((await verify({ credential: foreign })).status).toBe('foreign');
  });

  it('tells what was revoked, on the page, in the list, and for what was downloaded before', async () => {
    const eve = await credentialOf('eve@badges.test');
    const jwt = await jwtOf(eve);
    const { body } = await get(`${eve.path}/credential.json`);
    const { statusListCredential, statusListIndex } = body.credentialStatus;
    const isRevoked = async (): Promise<boolean> => {
      const { text } = await get(new URL(statusListCredential).pathname);
      const list = JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString());
      const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
      expect(bits).toHaveLength(16_384);
      return ((bits[Number(statusListIndex) >> 3]! << (Number(statusListIndex) & 7)) & 0x80) !== 0;
    };
    expect(await isRevoked()).toBe(false);
    const reason = { reason: 'given by mistake' };
    await service.call('POST', `/engagement/badges/awards/${eve.award}/revocation`, reason);
    expect(await isRevoked()).toBe(true);
    expect(await verify({ credential: jwt })).toMatchObject({ status: 'revoked' });
    const page = (await get(eve.path)).text;
    expect(page).toContain('Questo badge è stato ritirato');
    expect(page).not.toContain('given by mistake');
    expect((await get(`${eve.path}/badge.png`)).status).toBe(410);
    expect((await verify({ credential: await jwtOf(ada) })).status).toBe('valid');
  });

  it('goes on after the key was changed', async () => {
    const before = await jwtOf(ada);
    expect((await service.call('POST', '/engagement/credentials/keys', undefined, open)).status).toBe(401);
    await service.call('POST', '/engagement/credentials/keys', undefined, { key: adminKey });
    const after = await jwtOf(ada);
    expect(after.split('.')[0]).not.toBe(before.split('.')[0]);
    for (const credential of [before, after]) expect((await verify({ credential })).status).toBe('valid');
  });

  it('knows nothing any more of somebody who is gone', async () => {
    const jwt = await jwtOf(ada);
    await service.query(`DELETE FROM credentials WHERE award_id = $1`, [ada.award]);
    expect(await verify({ credential: jwt })).toMatchObject({ status: 'unknown', credential: null });
  });
});

describe('the key', () => {
  it('is one for all replicas, and its private half is nowhere to be read', async () => {
    const replica = await another();
    const keys = await service.query<{ jwk: { d?: string }; sealed: Buffer | null }>(
      `SELECT public_jwk AS jwk, sealed_private_key AS sealed FROM credential_keys`,
    );
    await replica.stop();
    expect(keys.filter(({ sealed }) => sealed !== null)).toHaveLength(1);
    expect(keys.every(({ jwk }) => jwk.d === undefined)).toBe(true);
  });
});

describe('the pictures of the programme', () => {
  it('take the colour of a tier', async () => {
    const { text } = await get('/engagement/badges/steady-voice/artwork.svg?tier=silver');
    expect(text).toContain('color="#9aa5ad"');
  });
});
