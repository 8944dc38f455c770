import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, ENV } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Audit } from '../audit/audit.service.js';
import type { Env } from '../env.js';

/** A key that signs credentials; its id is its thumbprint (RFC 7638). */
export interface SigningKey {
  id: string;
  privateKey: KeyObject;
}

/** A public key as it is shown: RFC 8037. */
export type PublicJwk = JsonWebKey & { kid: string; alg: 'EdDSA'; use: 'sig' };

/**
 * The Ed25519 keys of the issuer. The private one is kept sealed by LAUREL_SECRET; public ones are kept for ever, so that what they signed can
 * be verified after a rotation. A key that a new secret cannot open is retired and followed by another.
 */
@Injectable()
export class KeysService implements OnModuleInit {
  private readonly sealing: Buffer;

  constructor(
    private readonly database: DataSource,
    private readonly audit: Audit,
    private readonly clock: Clock,
    @Inject(ENV) { LAUREL_SECRET }: Env,
  ) {
    this.sealing = Buffer.from(hkdfSync('sha256', LAUREL_SECRET, '', 'laurel credential keys', 32));
  }

  async onModuleInit(): Promise<void> {
    await this.database.transaction(async (manager) => {
      await lockKeys(manager);
      if ((await this.open(manager)) === null) await this.replace(manager);
    });
  }

  async current(manager: EntityManager = this.database.manager): Promise<SigningKey> {
    const key = await this.open(manager);
    if (!key)
      throw new Error('The key of credentials cannot be opened: LAUREL_SECRET is another than at the start.');
    return key;
  }

  /** All that ever signed, the current one first. */
  async list(): Promise<PublicJwk[]> {
    const rows: { jwk: PublicJwk }[] = await this.database.query(
      `SELECT public_jwk AS jwk FROM credential_keys ORDER BY retired_at DESC NULLS FIRST`,
    );
    return rows.map(({ jwk }) => jwk);
  }

  /** Null for a key that is not ours. */
  async find(id: string): Promise<PublicJwk | null> {
    const [row]: { jwk: PublicJwk }[] = await this.database.query(
      `SELECT public_jwk AS jwk FROM credential_keys WHERE id = $1`,
      [id],
    );
    return row?.jwk ?? null;
  }

  /** Signs with a new key from now on. */
  async rotate(who: Caller): Promise<PublicJwk> {
    return this.database.transaction(async (manager) => {
      await lockKeys(manager);
      const before = await this.open(manager);
      const jwk = await this.replace(manager);
      const change = { before: { kid: before?.id ?? null }, after: { kid: jwk.kid } };
      await this.audit.note(manager, { who, action: 'rotate', what: 'credential key', ...change });
      return jwk;
    });
  }

  private async replace(manager: EntityManager): Promise<PublicJwk> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const plain = publicKey.export({ format: 'jwk' });
    const jwk: PublicJwk = { ...plain, kid: thumbprint(plain), alg: 'EdDSA', use: 'sig' };
    const sealed = seal(this.sealing, privateKey.export({ format: 'der', type: 'pkcs8' }), jwk.kid);
    await manager.query(
      `UPDATE credential_keys SET retired_at = $1, sealed_private_key = NULL WHERE retired_at IS NULL`,
      [this.clock.now()],
    );
    await manager.query(
      `INSERT INTO credential_keys (id, public_jwk, sealed_private_key, made_at) VALUES ($1, $2, $3, $4)`,
      [jwk.kid, JSON.stringify(jwk), sealed, this.clock.now()],
    );
    return jwk;
  }

  private async open(manager: EntityManager): Promise<SigningKey | null> {
    const [row]: { id: string; sealed: Buffer }[] = await manager.query(
      `SELECT id, sealed_private_key AS sealed FROM credential_keys WHERE retired_at IS NULL`,
    );
    const der = row && unseal(this.sealing, row.sealed, row.id);
    return der
      ? { id: row.id, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) }
      : null;
  }
}

/** A public key to verify with. */
export const keyOf = (jwk: PublicJwk): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });

/** Replicas that start together make one key between them. */
const lockKeys = (manager: EntityManager): Promise<unknown> =>
  manager.query(`LOCK TABLE credential_keys IN SHARE ROW EXCLUSIVE MODE`);

const thumbprint = ({ crv, kty, x }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');

const IV = 12;
const TAG = 16;

function seal(key: Buffer, plain: Buffer, id: string): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Buffer, sealed: Buffer, id: string): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV)).setAAD(Buffer.from(id));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    return Buffer.concat([decipher.update(sealed.subarray(IV, sealed.length - TAG)), decipher.final()]);
  } catch {
    return null; // another secret: crypto tells it only by throwing
  }
}
