import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Public } from '#libs/platform';
import { SubscriptionPages } from './subscription-pages.js';

const reason = 'the signed link in the mail is the credential';

/** Unsubscribing by the link in a mail or by the mail client's own button (RFC 8058). A GET only shows a page. */
@ApiTags('unsubscribe')
@Controller('notification/unsubscribe')
export class UnsubscribeController implements OnModuleInit {
  constructor(
    private readonly pages: SubscriptionPages,
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
  show(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.show('unsubscribe', token, reply);
  }

  @Post(':token')
  @HttpCode(200)
  @Public(reason)
  unsubscribe(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.pages.change('unsubscribe', token, 'done', reply);
  }

  @Post(':token/undo')
  @HttpCode(200)
  @Public(reason)
  undo(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.change('unsubscribe', token, 'back', reply);
  }
}
