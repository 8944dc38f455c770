import { createHash, randomBytes } from 'node:crypto';
import type { Role } from './decisions.js';

/** Who calls: the key, never a person. */
export interface Caller {
  keyId: string;
  name: string;
  role: Role;
}

/** Finds out whose key it is. One implementation owns the table, the other asks it over request/reply. */
export abstract class KeyResolver {
  /** Null when the key is unknown or revoked. */
  abstract resolve(keyHash: string): Promise<Caller | null>;
}

/** A new key: 256 random bits; only its hash is ever stored. */
export const newKey = (): string => `lrl_${randomBytes(32).toString('base64url')}`;
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');
