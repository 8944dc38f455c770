import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDuration } from '#libs/calendar';
import { Clock, DomainError, ENV, newId, notFound } from '#libs/platform';
import type { Env } from '../env.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { artworkOf } from './artwork.js';
import * as query from './credentials.query.js';
import type { CredentialRow } from './credentials.query.js';
import { signJwt } from './jws.js';
import { KeysService } from './keys.service.js';
import { STATUS_BITS, addressOf, claimsOf, credentialOf, statusListOf } from './open-badge.js';
import type { Achievement, Issuer } from './open-badge.js';

/** A credential and where it is found. */
export interface Issued {
  id: string;
  url: string;
}

/** Open Badges: a credential for an award. It is made anew whenever it is asked for, so that nothing of it is kept that erasure would have to find. */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly keys: KeysService,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  get issuer(): Issuer {
    return {
      base: this.env.PUBLIC_ENGAGEMENT_URL.replace(/\/$/, ''),
      company: this.programme.settings.company,
    };
  }

  /** Makes the credential of an award, or finds it. Throws `badge_award_unknown` or `badge_award_revoked`. */
  async issue(awardId: string): Promise<Issued> {
    const { manager } = this.database;
    const award = await query.readAward(manager, awardId);
    if (!award) throw notFound('badge_award', awardId);
    if (award.revokedAt)
      throw new DomainError('badge_award_revoked', 409, 'This award was taken back; it gets no credential.');
    const id = await query.insertCredential(manager, {
      id: newId(),
      awardId,
      achievement: this.achievement(award.badge, award.tier),
      subject: newId(),
      salt: randomBytes(16).toString('base64url'),
      issuedAt: this.clock.now(),
    });
    return { id, url: addressOf.credential(this.issuer.base, id) };
  }

  /** Throws `credential_unknown`, also for one of somebody who was erased. */
  async get(id: string): Promise<CredentialRow> {
    const row = await query.readCredential(this.database.manager, id);
    if (!row) throw notFound('credential', id);
    return row;
  }

  /** The credential as Open Badges 3.0 has it, without a proof. */
  json(row: CredentialRow): Record<string, unknown> {
    return credentialOf(this.issuer, { ...row, validUntil: this.validUntil(row) });
  }

  /** The credential with its proof: a VC-JWT by the current key. */
  async jwt(row: CredentialRow): Promise<string> {
    return this.sign(claimsOf(this.issuer, this.json(row)));
  }

  /** When it ends to be valid; null when never. */
  validUntil({ achievement, earnedAt }: CredentialRow): Date | null {
    const months = this.programme.badges.find(({ id }) => id === achievement.badge)?.valid_months;
    if (months === undefined) return null;
    return new Date(addDuration(earnedAt.getTime(), { months, days: 0, ms: 0 }, 'UTC'));
  }

  /** The list in which a verifier sees what was revoked, as a VC-JWT. */
  async statusList(list: number): Promise<string> {
    const first = list * STATUS_BITS;
    const revoked = await query.revokedBetween(this.database.manager, first, first + STATUS_BITS);
    const bits = Buffer.alloc(STATUS_BITS / 8);
    for (const index of revoked) bits[(index - first) >> 3]! |= 0x80 >> ((index - first) & 7);
    const encoded = `u${gzipSync(bits).toString('base64url')}`;
    const credential = statusListOf(this.issuer, list, encoded, this.clock.now());
    return this.sign(claimsOf(this.issuer, credential as Record<string, unknown>));
  }

  /** A badge of the programme as an achievement; one that is gone keeps its id. */
  achievement(badge: string, tier: string | null): Achievement {
    const { name, description } = this.programme.badges.find(({ id }) => id === badge) ?? {
      name: badge,
      description: badge,
    };
    return { badge, tier, name, description };
  }

  artwork(achievement: Pick<Achievement, 'badge' | 'tier'>): string {
    return artworkOf(this.programme.files, achievement, this.programme.settings);
  }

  private async sign(claims: object): Promise<string> {
    const { id, privateKey } = await this.keys.current();
    return signJwt(claims, addressOf.key(this.issuer.base, id), privateKey);
  }
}
