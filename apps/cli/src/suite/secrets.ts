import { randomBytes } from 'node:crypto';
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

/** A key for the first admin, until it is known whether the databases wanted it. */
export interface FirstAdminKey {
  /** The key to hand to the engagement-service. */
  readonly key: string;
  /** Forgets the key; from now on only its hash is kept, and that in the database. */
  settled(): void;
}

/**
 * The key that becomes the first admin's if the databases know no admin yet; only they know, so it is offered at every start.
 * It waits in a private file while a start may still fail: the service may have taken it over before that, and a key that
 * nobody has seen would lock everybody out.
 */
export function firstAdminKey(stateDir: string): FirstAdminKey {
  mkdirSync(stateDir, { recursive: true });
  const pending = join(stateDir, 'first-admin-key');
  return { key: readOrMake(pending, newAdminKey), settled: () => rmSync(pending, { force: true }) };
}
