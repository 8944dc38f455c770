import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { Clock, ENV, KeyResolver, RememberedKeys, hashKey, newId, newKey, notFound } from '#libs/platform';
import type { Caller, Role } from '#libs/platform';
import type { Env } from '../env.js';
import { ApiKey } from './api-key.entity.js';

/** A key revoked through another replica works here so much longer; through this one not at all. */
const REMEMBER_MS = 1_000;

/** Makes, finds and revokes API keys. */
@Injectable()
export class AccessService extends KeyResolver implements OnApplicationBootstrap {
  private readonly remembered = new RememberedKeys(REMEMBER_MS);
  /** How often a key was revoked here: what was read before must not be remembered after. */
  private revocations = 0;

  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {
    super();
  }

  /** The very first key: given by the operator, or made now and printed this once. */
  async onApplicationBootstrap(): Promise<void> {
    const given = this.env.LAUREL_FIRST_ADMIN_KEY;
    const key = given ?? newKey();
    if (!(await this.storeFirst(key))) return;
    // Not a log line on purpose: logs are kept and shipped, this is for the eyes at the terminal.
    if (!given) process.stdout.write(`\nFirst admin key (shown once, keep it safe): ${key}\n\n`);
  }

  async resolve(keyHash: string): Promise<Caller | null> {
    const known = this.remembered.get(keyHash);
    if (known) return known;
    const { revocations } = this;
    const key = await this.keys.findOneBy({ keyHash, revokedAt: IsNull() });
    const caller = key && { keyId: key.id, name: key.name, role: key.role };
    if (caller && revocations === this.revocations) this.remembered.set(keyHash, caller);
    return caller;
  }

  /** Returns the new key with its secret, which cannot be read again. */
  async create(name: string, role: Role): Promise<{ id: string; name: string; role: Role; key: string }> {
    const key = newKey();
    const id = await this.store(name, role, key);
    return { id, name, role, key };
  }

  list(): Promise<Omit<ApiKey, 'keyHash'>[]> {
    return this.keys.find({
      select: { id: true, name: true, role: true, createdAt: true, revokedAt: true },
      order: { createdAt: 'ASC' },
    });
  }

  async revoke(id: string): Promise<void> {
    const { affected } = await this.keys.update({ id, revokedAt: IsNull() }, { revokedAt: this.clock.now() });
    this.revocations++;
    this.remembered.forgetAll();
    if (!affected) throw notFound('key', id);
  }

  /** Replicas that start together make one first key between them. */
  private storeFirst(key: string): Promise<boolean> {
    return this.keys.manager.transaction(async (manager) => {
      await manager.query(`LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE`);
      if (await manager.existsBy(ApiKey, { role: 'admin', revokedAt: IsNull() })) return false;
      await manager.insert(ApiKey, this.row('first admin key', 'admin', key));
      return true;
    });
  }

  private async store(name: string, role: Role, key: string): Promise<string> {
    const row = this.row(name, role, key);
    await this.keys.insert(row);
    return row.id;
  }

  private row(name: string, role: Role, key: string): ApiKey {
    return { id: newId(), name, role, keyHash: hashKey(key), createdAt: this.clock.now(), revokedAt: null };
  }
}
