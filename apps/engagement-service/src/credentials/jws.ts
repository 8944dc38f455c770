import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A compact JWS taken apart; nothing in it has been checked. */
export interface Parsed {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signed: string;
  signature: Buffer;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT by Ed25519 (RFC 8037): the same content and key give the same text. */
export function signJwt(payload: object, kid: string, privateKey: KeyObject): string {
  const signed = `${encode({ alg: 'EdDSA', typ: 'JWT', kid })}.${encode(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** Null for what is no compact JWS with objects inside. */
export function parseJwt(text: string): Parsed | null {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text);
  if (!parts) return null;
  const [, head, body, signature] = parts as unknown as [string, string, string, string];
  const [header, payload] = [objectIn(head), objectIn(body)];
  if (!header || !payload) return null;
  return { header, payload, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

/** The algorithm is that of the key, whatever the header says. */
export const isSignedBy = ({ signed, signature, header }: Parsed, key: KeyObject): boolean =>
  header['alg'] === 'EdDSA' && signature.length === 64 && verify(null, Buffer.from(signed), key, signature);

function objectIn(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null; // JSON tells what it cannot read only by throwing
  }
}
