import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { Templates } from './templates.service.js';

const previewQuery = z.strictObject({
  locale: z.string().max(35).default('en'),
  part: z.enum(['html', 'text']).default('html'),
});

/** The mails of the programme, to look at before anybody gets one. */
@ApiTags('templates')
@Controller('notification/templates')
export class TemplatesController {
  constructor(private readonly templates: Templates) {}

  @Get()
  @Allow('admin', 'hr')
  list(): object {
    return this.templates.list();
  }

  /** The mail with sample data; a locale without words of its own shows what its people would get. */
  @Get(':id/preview')
  @Header('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
  @Allow('admin', 'hr')
  preview(
    @Param('id') id: string,
    @Query({ schema: previewQuery }) { locale, part }: z.infer<typeof previewQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const letter = this.templates.sample(id, locale);
    void reply
      .type(part === 'html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8')
      .header('Content-Language', letter.locale);
    return letter[part];
  }
}
