import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Allow, DomainError } from '#libs/platform';
import { Bounces } from './bounces.service.js';
import type { Taken } from './bounces.service.js';

const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  kind: z.enum(['hard', 'soft', 'auto-reply', 'complaint', 'other']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.uuid().optional(),
});

/** No report is longer, whatever mail it returns. */
export const MAX_BOUNCE_BYTES = 5 * 1024 * 1024;

/** Mails that came back, as another mail server hands them over. */
@ApiTags('bounces')
@Controller('notification/bounces')
export class BouncesController implements OnModuleInit {
  constructor(
    private readonly bounces: Bounces,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** A mail is taken byte by byte: its parts may be of several charsets. */
  onModuleInit(): void {
    const http = this.adapter.httpAdapter?.getInstance<FastifyInstance>();
    if (!http || http.hasContentTypeParser('message/rfc822')) return;
    const limits = { parseAs: 'buffer', bodyLimit: MAX_BOUNCE_BYTES } as const;
    http.addContentTypeParser('message/rfc822', limits, (_request, body, done) => done(null, body));
  }

  @Get()
  @Allow('admin', 'hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<object> {
    return this.bounces.list(query);
  }

  /** Takes one mail (message/rfc822). */
  @Post()
  @HttpCode(202)
  @Allow('partner')
  @ApiConsumes('message/rfc822')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  take(@Body() content: unknown): Promise<Taken> {
    if (Buffer.isBuffer(content)) return this.bounces.take(content, 'http');
    const detail = 'Send the mail as it is with "Content-Type: message/rfc822".';
    throw new DomainError('mail_needed', 415, detail);
  }
}
