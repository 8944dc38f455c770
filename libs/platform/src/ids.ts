import { createHash, randomUUID } from 'node:crypto';

/** A new random id. */
export const newId = (): string => randomUUID();

/** A UUID (version 8) made of its parts: the same parts give the same id, so a replay meets itself. */
export function stableId(...parts: readonly string[]): string {
  const hash = createHash('sha256').update(parts.join('\u0000')).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
