import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public, pageHeaders } from '#libs/platform';
import { LetterPages } from './letter-pages.js';

/** As every page, but a letter shows the pictures of its brand. */
const headers = {
  ...pageHeaders,
  'content-security-policy': `${pageHeaders['content-security-policy']}; img-src https: data:`,
};

/** The whole of a message that came as a line of a digest. */
@ApiTags('letters')
@Controller('notification/letters')
export class LetterPageController {
  constructor(private readonly pages: LetterPages) {}

  @Get(':token')
  @Public('the signed link in the mail is the credential')
  async show(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { status, html } = await this.pages.read(token);
    void reply.status(status).headers(headers).type('text/html; charset=utf-8');
    return html;
  }
}
