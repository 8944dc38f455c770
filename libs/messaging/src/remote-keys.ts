import { Global, Injectable, Module } from '@nestjs/common';
import { KeyResolver } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Requests } from './requests.js';

const REMEMBER_MS = 15_000;
const MAX_REMEMBERED = 1_000;

/** Asks the engagement service whose key it is; a good answer is remembered for 15 s, so a revocation takes that long here. */
@Injectable()
class RemoteKeys extends KeyResolver {
  private readonly remembered = new Map<string, { caller: Caller; until: number }>();

  constructor(private readonly requests: Requests) {
    super();
  }

  async resolve(keyHash: string): Promise<Caller | null> {
    const known = this.remembered.get(keyHash);
    // Real time on purpose: a virtual clock that stands still must not keep a revoked key alive.
    if (known && known.until > performance.now()) return known.caller;
    const { key } = await this.requests.ask('access.resolve', { keyHash });
    this.remembered.delete(keyHash);
    if (key) this.remember(keyHash, key);
    return key;
  }

  private remember(keyHash: string, caller: Caller): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(keyHash, { caller, until: performance.now() + REMEMBER_MS });
  }
}

/** For services that do not own the keys: their guard asks the one that does. */
@Global()
@Module({ providers: [{ provide: KeyResolver, useClass: RemoteKeys }], exports: [KeyResolver] })
export class RemoteKeysModule {}
