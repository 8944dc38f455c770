import { Global, Injectable, Module } from '@nestjs/common';
import { KeyResolver, RememberedKeys } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Requests } from './requests.js';

const REMEMBER_MS = 15_000;

/** Asks the engagement service whose key it is; a good answer is remembered for 15 s, so a revocation takes that long here. */
@Injectable()
class RemoteKeys extends KeyResolver {
  private readonly remembered = new RememberedKeys(REMEMBER_MS);

  constructor(private readonly requests: Requests) {
    super();
  }

  async resolve(keyHash: string): Promise<Caller | null> {
    const known = this.remembered.get(keyHash);
    if (known) return known;
    const { key } = await this.requests.ask('access.resolve', { keyHash });
    if (key) this.remembered.set(keyHash, key);
    return key;
  }
}

/** For services that do not own the keys: their guard asks the one that does. */
@Global()
@Module({ providers: [{ provide: KeyResolver, useClass: RemoteKeys }], exports: [KeyResolver] })
export class RemoteKeysModule {}
