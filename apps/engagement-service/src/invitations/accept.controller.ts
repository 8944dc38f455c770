import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { Public, pageHeaders } from '#libs/platform';
import type { InvitationPage } from '#libs/programme';
import { ProgrammeService } from '../programme/programme.service.js';
import { fill, renderAcceptPage } from './accept-page.js';
import { AcceptPageWords } from './accept-words.js';
import { InvitationsService } from './invitations.service.js';

interface Invitee {
  name: string;
  locale: string;
  accepted: boolean;
}

/** The first-login page behind the link of an invitation: GET only shows, POST accepts. */
@ApiExcludeController()
@Controller('i')
export class AcceptController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly programme: ProgrammeService,
    private readonly words: AcceptPageWords,
    private readonly database: DataSource,
  ) {}

  @Get(':token')
  @Public('the signed token is the credential; nothing changes')
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const reading = this.invitations.readLink(token);
    const invitee = reading.subject === undefined ? null : await this.invitee(reading.subject);
    if (!reading.ok || !invitee)
      return this.sendFailure(reply, reading.ok ? 'invalid' : reading.reason, invitee);
    this.send(reply, 200, invitee, invitee.accepted ? done : asking);
  }

  @Post(':token')
  @HttpCode(200)
  @Public('the signed token is the credential')
  async accept(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const reading = this.invitations.readLink(token);
    const invitation = reading.ok ? await this.invitations.accept(reading.subject) : null;
    const invitee = reading.subject === undefined ? null : await this.invitee(reading.subject);
    if (!invitation || !invitee)
      return this.sendFailure(reply, reading.ok ? 'invalid' : reading.reason, invitee);
    this.send(reply, 200, invitee, done);
  }

  private sendFailure(reply: FastifyReply, reason: 'invalid' | 'expired', invitee: Invitee | null): void {
    const page = reason === 'expired' ? expired : invalid;
    const nobody = { name: '', locale: this.programme.settings.locales[0]!, accepted: false };
    this.send(reply, reason === 'expired' ? 410 : 404, invitee ?? nobody, page);
  }

  private send(reply: FastifyReply, status: number, invitee: Invitee, compose: Compose): void {
    const { name: programme, company, brand } = this.programme.settings;
    const words = this.words.of(invitee.locale);
    const { heading, paragraphs, button } = compose(words);
    const say = (text: string): string => fill(text, { name: invitee.name, programme, company });
    const html = renderAcceptPage({
      locale: invitee.locale,
      programme,
      colour: brand.colour,
      background: brand.background,
      heading: say(heading),
      paragraphs: paragraphs.map(say),
      ...(button ? { form: { button } } : {}),
    });
    void reply.status(status).headers(pageHeaders).type('text/html; charset=utf-8').send(html);
  }

  private async invitee(invitationId: string): Promise<Invitee | null> {
    const [row]: Invitee[] = await this.database.query(
      `SELECT name, locale, accepted_at IS NOT NULL AS accepted FROM invitations JOIN people ON people.id = person_id
       WHERE invitations.id = $1`,
      [invitationId],
    );
    return row ?? null;
  }
}

type Compose = (words: InvitationPage) => { heading: string; paragraphs: string[]; button?: string };
const asking: Compose = (words) => ({
  heading: words.hello,
  paragraphs: [words.intro, words.voluntary],
  button: words.button,
});
const done: Compose = (words) => ({ heading: words.done, paragraphs: [words.done_text] });
const invalid: Compose = (words) => ({ heading: words.invalid, paragraphs: [words.invalid_text] });
const expired: Compose = (words) => ({ heading: words.expired, paragraphs: [words.expired_text] });
