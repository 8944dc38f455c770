import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '#libs/platform';
import type { Env } from '../env.js';

/** What a genuine return path says: which delivery, and a mark of the address it went to. */
export interface ReturnedTo {
  deliveryId: string;
  addressMark: string;
}

/** Local parts have 64 characters and no case: 8 + 32 for the delivery, 4 for its address, 12 for the signature. */
const TOKEN = /^bounces\+([0-9a-f]{32})-([0-9a-f]{4})([0-9a-f]{12})$/i;
const UUID_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** A return path for each delivery (VERP), signed: a bounce that was not caused by a mail of ours names none. */
@Injectable()
export class ReturnPaths {
  constructor(@Inject(ENV) private readonly env: Env) {}

  /** The address a delivery's bounces come to, or null when no domain for them is set. */
  addressOf(deliveryId: string, email: string): string | null {
    const { BOUNCE_DOMAIN: domain } = this.env;
    if (!domain) return null;
    const body = `${deliveryId.replaceAll('-', '')}-${this.markOf(email)}`;
    return `bounces+${body}${this.sign(body)}@${domain}`;
  }

  /** Reads an address of ours; null for a foreign or a forged one. */
  read(address: string): ReturnedTo | null {
    const at = address.lastIndexOf('@');
    if (address.slice(at + 1).toLowerCase() !== this.env.BOUNCE_DOMAIN?.toLowerCase()) return null;
    const [, id, mark, signature] = TOKEN.exec(address.slice(0, at).toLowerCase()) ?? [];
    if (!id || !mark || !signature) return null;
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(this.sign(`${id}-${mark}`)))) return null;
    return { deliveryId: id.replace(UUID_GROUPS, '$1-$2-$3-$4-$5'), addressMark: mark };
  }

  /** A keyed hash of an address: tells whether two are the same, and nothing else. */
  hashOf(email: string): string {
    return this.mac('suppressed-address', email.trim().toLowerCase()).toString('hex');
  }

  /** The beginning of the hash: enough to see that somebody's address has changed since. */
  markOf(email: string): string {
    return this.hashOf(email).slice(0, 4);
  }

  private sign(body: string): string {
    return this.mac('return-path', body).toString('hex').slice(0, 12);
  }

  private mac(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.env.LAUREL_SECRET).update(`${purpose}\u0000${text}`).digest();
  }
}
