import type { Caller } from './keys.js';

const MAX_REMEMBERED = 1_000;

/** Keys that were good a moment ago, by their hash. Only good ones: a new key works at once. */
export class RememberedKeys {
  private readonly remembered = new Map<string, { caller: Caller; until: number }>();

  /** `forMs` is how long a revocation elsewhere may go unnoticed, in milliseconds of real time. */
  constructor(private readonly forMs: number) {}

  /** Null when it is not known, or was asked for too long ago. */
  get(keyHash: string): Caller | null {
    const known = this.remembered.get(keyHash);
    // Real time on purpose: a virtual clock that stands still must not keep a revoked key alive.
    return known && known.until > performance.now() ? known.caller : null;
  }

  set(keyHash: string, caller: Caller): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(keyHash, { caller, until: performance.now() + this.forMs });
  }

  forgetAll(): void {
    this.remembered.clear();
  }
}
