import { Controller, Get, Header, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow, CalledBy, Public, notFound, pageHeaders } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { TIERS } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { CredentialsService } from './credentials.service.js';
import { KeysService } from './keys.service.js';
import type { PublicJwk } from './keys.service.js';
import { achievementOf, profileOf } from './open-badge.js';
import type { Achievement } from './open-badge.js';

const VERIFIERS = 'verifiers of badges anywhere read it; it holds nothing about a person';
const tierQuery = z.strictObject({ tier: z.enum(TIERS).optional() });
type TierQuery = z.infer<typeof tierQuery>;

/** What a verifier of badges needs: who issues, by which keys, for what, and what was revoked. */
@ApiTags('credentials')
@Controller('engagement')
export class IssuerController {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly keys: KeysService,
    private readonly programme: ProgrammeService,
  ) {}

  /** The issuer's Profile of Open Badges 3.0. */
  @Get('credentials/issuer')
  @Public(VERIFIERS)
  issuer(): object {
    return profileOf(this.credentials.issuer);
  }

  /** All keys that ever signed (RFC 7517). */
  @Get('credentials/jwks.json')
  @Public(VERIFIERS)
  async jwks(): Promise<{ keys: PublicJwk[] }> {
    return { keys: await this.keys.list() };
  }

  /** The key that a credential names in its `kid`. */
  @Get('credentials/keys/:kid')
  @Public(VERIFIERS)
  async key(@Param('kid') kid: string): Promise<PublicJwk> {
    const jwk = await this.keys.find(kid);
    if (!jwk) throw notFound('credential_key', kid);
    return jwk;
  }

  /** Signs with a new key from now on; what older keys signed stays valid. */
  @Post('credentials/keys')
  @Allow('admin')
  rotate(@CalledBy() who: Caller): Promise<PublicJwk> {
    return this.keys.rotate(who);
  }

  /** A list of what was revoked (Bitstring Status List 1.0), as a VC-JWT. */
  @Get('credentials/status/:list')
  @Public(VERIFIERS)
  @Header('content-type', 'application/vc+jwt')
  @Header('cache-control', 'no-cache')
  status(
    @Param('list', { schema: z.coerce.number().int().min(0).max(100_000) }) list: number,
  ): Promise<string> {
    return this.credentials.statusList(list);
  }

  /** A badge of the programme as an Achievement of Open Badges 3.0. */
  @Get('badges/:badge/achievement')
  @Public(VERIFIERS)
  achievement(@Param('badge') badge: string, @Query({ schema: tierQuery }) { tier }: TierQuery): object {
    return achievementOf(this.credentials.issuer.base, this.known(badge, tier));
  }

  /** The picture of a badge, or of a tier of it. */
  @Get('badges/:badge/artwork.svg')
  @Public(VERIFIERS)
  artwork(
    @Param('badge') badge: string,
    @Query({ schema: tierQuery }) { tier }: TierQuery,
    @Res() reply: FastifyReply,
  ): void {
    const svg = this.credentials.artwork(this.known(badge, tier));
    void reply.headers(pageHeaders).type('image/svg+xml').send(svg);
  }

  private known(badge: string, tier: TierQuery['tier']): Achievement {
    if (!this.programme.badges.some(({ id }) => id === badge)) throw notFound('badge', badge);
    return this.credentials.achievement(badge, tier ?? null);
  }
}
