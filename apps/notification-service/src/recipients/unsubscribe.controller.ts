import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ProgrammeSettings } from '#libs/contracts';
import { Public, pageHeaders } from '#libs/platform';
import { PROGRAMME } from '../programme/programme.js';
import { Templates } from '../templates/templates.service.js';
import { Recipients } from './recipients.service.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { unsubscribePage } from './unsubscribe.page.js';
import type { PageState } from './unsubscribe.page.js';

const reason = 'the signed link in the mail is the credential';

/** Unsubscribing by the link in a mail or by the mail client's own button (RFC 8058). A GET only shows a page. */
@ApiTags('unsubscribe')
@Controller('notification/unsubscribe')
export class UnsubscribeController implements OnModuleInit {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly recipients: Recipients,
    private readonly templates: Templates,
    @Inject(PROGRAMME) private readonly programme: ProgrammeSettings,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** RFC 8058 lets mail providers send the one-click form as multipart; its only field says nothing we need. */
  onModuleInit(): void {
    const http = this.adapter.httpAdapter?.getInstance<FastifyInstance>();
    if (!http || http.hasContentTypeParser('multipart/form-data')) return;
    http.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'string', bodyLimit: 10_000 },
      (_request, _body, done) => done(null, {}),
    );
  }

  @Get(':token')
  @Public(reason)
  async show(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const personId = this.links.personOf(token);
    const recipient = personId ? await this.recipients.find(personId) : undefined;
    const state = !personId ? 'invalid' : recipient?.unsubscribedAt ? 'done' : 'question';
    return this.page(reply, token, state, recipient?.locale);
  }

  @Post(':token')
  @HttpCode(200)
  @Public(reason)
  unsubscribe(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.change(reply, token, 'done');
  }

  @Post(':token/undo')
  @HttpCode(200)
  @Public(reason)
  undo(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.change(reply, token, 'back');
  }

  private async change(reply: FastifyReply, token: string, state: 'done' | 'back'): Promise<string> {
    const personId = this.links.personOf(token);
    if (!personId) return this.page(reply, token, 'invalid');
    await this.recipients.setSubscribed(personId, state === 'back');
    const recipient = await this.recipients.find(personId);
    return this.page(reply, token, state, recipient?.locale);
  }

  private page(
    reply: FastifyReply,
    token: string,
    state: PageState,
    locale = this.programme.locales[0]!,
  ): string {
    void reply
      .status(state === 'invalid' ? 404 : 200)
      .headers(pageHeaders)
      .type('text/html; charset=utf-8');
    return unsubscribePage(state, this.templates.language(locale), this.programme, token);
  }
}
