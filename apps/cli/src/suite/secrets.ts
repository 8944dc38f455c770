import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function keep(path: string, value: string): string {
  writeFileSync(path, `${value}\n`, { mode: 0o600, flag: 'wx' });
  return value;
}

function readOrMake(path: string, make: () => string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : keep(path, make());
}

/** The secret that signs links: the given one, else the one made at the first start and kept in `stateDir`. */
export function suiteSecret(stateDir: string, given: string | undefined): string {
  mkdirSync(stateDir, { recursive: true });
  return given ?? readOrMake(join(stateDir, 'secret'), () => randomBytes(32).toString('base64url'));
}

/** A new admin key: `lrl_` and 256 random bits. */
export function newAdminKey(): string {
  return `lrl_${randomBytes(32).toString('base64url')}`;
}

/** The key of the first admin, from its making until it has been shown once. */
export interface FirstAdminKey {
  /** The key to hand to the engagement-service; absent when it was shown at an earlier start. */
  readonly key: string | undefined;
  /** Forgets the key; from now on only its hash is kept. */
  shown(): void;
}

/**
 * The first admin's key for the data in `stateDir`. It waits in a private file while a start may still fail: the service may
 * have taken it over before that, and a key that nobody has seen would lock everybody out.
 */
export function firstAdminKey(stateDir: string): FirstAdminKey {
  mkdirSync(stateDir, { recursive: true });
  const [pending, marker] = [join(stateDir, 'first-admin-key'), join(stateDir, 'first-admin-key.sha256')];
  if (existsSync(marker)) return { key: undefined, shown: () => undefined };
  const key = readOrMake(pending, newAdminKey);
  const shown = (): void => {
    keep(marker, createHash('sha256').update(key).digest('hex'));
    rmSync(pending);
  };
  return { key, shown };
}
