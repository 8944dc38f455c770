import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#libs/platform';
import { SubscriptionPages } from './subscription-pages.js';

const reason = 'the signed link in the mail is the credential';

/** A month without mails, by one link in a mail. A GET only shows a page. */
@ApiTags('pause')
@Controller('notification/pause')
export class PauseController {
  constructor(private readonly pages: SubscriptionPages) {}

  @Get(':token')
  @Public(reason)
  show(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.show('pause', token, reply);
  }

  @Post(':token')
  @HttpCode(200)
  @Public(reason)
  pause(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.change('pause', token, 'done', reply);
  }

  @Post(':token/undo')
  @HttpCode(200)
  @Public(reason)
  undo(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.change('pause', token, 'back', reply);
  }
}
