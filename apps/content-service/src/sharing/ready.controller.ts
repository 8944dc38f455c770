import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReplyOf, RequestOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Public, pageHeaders } from '#libs/platform';
import { ReadyService } from './ready.service.js';
import type { Shown } from './ready.service.js';

/** The page behind the link of a planned share: GET only shows, POST makes the share. */
@ApiExcludeController()
@Controller('s')
export class ReadyController {
  constructor(private readonly ready: ReadyService) {}

  @Get(':token')
  @Public('the signed token is the credential; nothing changes')
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.ready.show(token));
  }

  @Post(':token')
  @HttpCode(200)
  @Public('the signed token is the credential')
  async make(
    @Param('token') token: string,
    @Req() { ip, headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.ready.make(token, { ip, userAgent: headers['user-agent'], purpose: undefined }));
  }
}

/** Gives the notification service the links it writes into mails. */
@Controller()
export class ReadyConsumer {
  constructor(private readonly ready: ReadyService) {}

  @OnRequest('shares.links')
  async links(@Payload() request: RequestOf<'shares.links'>): Promise<ReplyOf<'shares.links'>> {
    return { links: await this.ready.links(request.plannedShareIds) };
  }
}

const send = (reply: FastifyReply, { status, html }: Shown): void =>
  void reply.status(status).headers(pageHeaders).type('text/html; charset=utf-8').send(html);
