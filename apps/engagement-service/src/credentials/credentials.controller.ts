import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow, Clock, DomainError, Public, pageHeaders } from '#libs/platform';
import { ProgrammeService } from '../programme/programme.service.js';
import { fill } from '../invitations/accept-page.js';
import { PICTURE_LIMIT, bakePng, bakeSvg } from './baking.js';
import { pngOf } from './artwork.js';
import { credentialPage } from './credential.page.js';
import { credentialWords } from './credential.words.js';
import { CredentialsService } from './credentials.service.js';
import type { Issued } from './credentials.service.js';
import type { CredentialRow } from './credentials.query.js';
import { addressOf } from './open-badge.js';
import { VerificationService } from './verification.service.js';
import type { Verdict } from './verification.service.js';

const id = z.uuid().toLowerCase();
const OPEN = 'the unguessable id in the address is the credential, which its owner passes on';
/** Open Badges: credentials that people take along, and their verification. */
@ApiTags('credentials')
@Controller('engagement')
export class CredentialsController {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly verification: VerificationService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** Makes the credential of an award, once; its page is for whoever has the address. */
  @Post('badges/awards/:id/credential')
  @HttpCode(200)
  @Allow('hr')
  issue(@Param('id', { schema: id }) awardId: string): Promise<Issued> {
    return this.credentials.issue(awardId);
  }

  /** Whether a credential is genuine and stands: send the VC-JWT, or the SVG or PNG it was baked into. */
  @Post('credentials/verify')
  @HttpCode(200)
  @Public('anybody may ask whether a credential is genuine; it tells nothing that is not in what was sent')
  @ApiConsumes('application/json', 'application/vc+jwt', 'image/svg+xml', 'image/png')
  @ApiBody({ schema: { type: 'object', properties: { credential: { type: 'string' } } } })
  verify(@Body() body: unknown): Promise<Verdict> {
    return this.verification.verify(givenIn(body));
  }

  /** The page of a credential, for people. */
  @Get('credentials/:id')
  @Public(OPEN)
  async page(@Param('id', { schema: id }) credentialId: string, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.credentials.get(credentialId);
    void reply.headers(pageHeaders).type('text/html; charset=utf-8').send(this.pageOf(row));
  }

  @Get('credentials/:id/credential.json')
  @Public(OPEN)
  async json(@Param('id', { schema: id }) credentialId: string, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.standing(credentialId);
    this.send(
      reply,
      'application/vc+json; charset=utf-8',
      JSON.stringify(this.credentials.json(row), null, 2),
    );
  }

  @Get('credentials/:id/credential.jwt')
  @Public(OPEN)
  async jwt(@Param('id', { schema: id }) credentialId: string, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.standing(credentialId);
    this.send(reply, 'application/vc+jwt', await this.credentials.jwt(row));
  }

  @Get('credentials/:id/badge.svg')
  @Public(OPEN)
  async svg(@Param('id', { schema: id }) credentialId: string, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.standing(credentialId);
    const jwt = await this.credentials.jwt(row);
    this.send(reply, 'image/svg+xml', bakeSvg(this.credentials.artwork(row.achievement), jwt));
  }

  @Get('credentials/:id/badge.png')
  @Public(OPEN)
  async png(@Param('id', { schema: id }) credentialId: string, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.standing(credentialId);
    const jwt = await this.credentials.jwt(row);
    this.send(reply, 'image/png', bakePng(await pngOf(this.credentials.artwork(row.achievement)), jwt));
  }

  private send(reply: FastifyReply, type: string, body: string | Buffer): void {
    void reply.headers(pageHeaders).type(type).send(body);
  }

  /** What was taken back is not handed out again. */
  private async standing(credentialId: string): Promise<CredentialRow> {
    const row = await this.credentials.get(credentialId);
    if (row.revokedAt) throw new DomainError('credential_revoked', 410, 'This credential was revoked.');
    return row;
  }

  private pageOf(row: CredentialRow): string {
    const { brand, company, zone } = this.programme.settings;
    const words = credentialWords(row.locale);
    const until = this.credentials.validUntil(row);
    const isOver = until !== null && until <= this.clock.now();
    const date = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: zone }).format(
      row.earnedAt,
    );
    const name = row.consentsRanking ? row.name : words.somebody;
    return credentialPage({
      words,
      title: row.achievement.name,
      description: row.achievement.description,
      tier: row.achievement.tier,
      artwork: this.credentials.artwork(row.achievement),
      awarded: fill(words.awarded, { name }),
      by: fill(words.by, { company, date }),
      state: row.revokedAt ? 'revoked' : isOver ? 'expired' : 'valid',
      brand,
      address: addressOf.credential(this.credentials.issuer.base, row.id),
    });
  }
}

/** A VC-JWT as text or in JSON, or a picture as it was downloaded. */
function givenIn(body: unknown): string | Buffer {
  const given: unknown =
    typeof body === 'object' && body !== null && 'credential' in body ? body.credential : body;
  if (typeof given === 'string' && given.length > PICTURE_LIMIT)
    throw new DomainError('body_too_large', 413, 'No credential is as long as this.');
  if (typeof given === 'string' || Buffer.isBuffer(given)) return given;
  throw new DomainError(
    'invalid_input',
    400,
    'Send {"credential": "<the VC-JWT>"}, or the SVG or PNG it was baked into with its own Content-Type.',
  );
}
