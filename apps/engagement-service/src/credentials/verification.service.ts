import { Injectable } from '@nestjs/common';
import { Clock } from '#libs/platform';
import { fromPng, fromSvg, isPng } from './baking.js';
import { CredentialsService } from './credentials.service.js';
import { readCredential } from './credentials.query.js';
import { isSignedBy, parseJwt } from './jws.js';
import type { Parsed } from './jws.js';
import { KeysService, keyOf } from './keys.service.js';
import { addressOf } from './open-badge.js';
import { DataSource } from 'typeorm';

/** What is to be said of a credential, in a word and in a sentence; `credential` only when it is genuine. */
export interface Verdict {
  status: 'valid' | 'expired' | 'revoked' | 'forged' | 'foreign' | 'unknown';
  reason: string;
  credential: Record<string, unknown> | null;
}

const REASONS: Record<Verdict['status'], string> = {
  valid: 'It was issued here, nothing in it was changed, and it stands.',
  expired: 'It was issued here and nothing in it was changed, but its time is over.',
  revoked: 'It was issued here and nothing in it was changed, but the award was taken back.',
  forged: 'It was not signed by a key of this issuer, or something in it was changed.',
  foreign: 'It names another issuer, who alone can vouch for it.',
  unknown: 'Its signature is right, but there is no such credential here any more.',
};

/** Tells whether a credential is genuine: a VC-JWT, or a picture with one baked into it. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly database: DataSource,
    private readonly credentials: CredentialsService,
    private readonly keys: KeysService,
    private readonly clock: Clock,
  ) {}

  async verify(given: string | Buffer): Promise<Verdict> {
    const jwt = credentialIn(given);
    const parsed = jwt === null ? null : parseJwt(jwt.trim());
    if (!parsed)
      return {
        status: 'forged',
        reason:
          'There is no credential in it that could be read: send a VC-JWT, or an SVG or PNG with one inside.',
        credential: null,
      };
    const status = await this.statusOf(parsed);
    const isGenuine = status === 'valid' || status === 'expired' || status === 'revoked';
    return { status, reason: REASONS[status], credential: isGenuine ? parsed.payload : null };
  }

  private async statusOf(parsed: Parsed): Promise<Verdict['status']> {
    const { header, payload } = parsed;
    const { base } = this.credentials.issuer;
    if (payload['iss'] !== addressOf.issuer(base)) return 'foreign';
    const kid = idBehind(addressOf.key(base, ''), header['kid']);
    const jwk = kid === null ? null : await this.keys.find(kid);
    if (!jwk || !isSignedBy(parsed, keyOf(jwk))) return 'forged';
    const id = idBehind(addressOf.credential(base, ''), payload['jti']);
    const row = id !== null && isUuid(id) ? await readCredential(this.database.manager, id) : null;
    if (!row) return 'unknown';
    if (row.revokedAt) return 'revoked';
    const { exp } = payload;
    return typeof exp === 'number' && exp * 1000 <= this.clock.now().getTime() ? 'expired' : 'valid';
  }
}

function credentialIn(given: string | Buffer): string | null {
  if (typeof given === 'string') return given.trimStart().startsWith('<') ? fromSvg(given) : given;
  return isPng(given) ? fromPng(given) : credentialIn(given.toString('utf8'));
}

const idBehind = (address: string, value: unknown): string | null =>
  typeof value === 'string' && value.startsWith(address) ? value.slice(address.length) : null;

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
