import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock, ENV, Public, newId, pageHeaders } from '#libs/platform';
import type { Env } from '../env.js';
import { ClickRecorder } from './click-recorder.js';
import { doubts, visitorHash } from './credibility.js';
import type { Visit } from './credibility.js';
import { LinksService } from './links.service.js';
import { unknownLinkPage } from './unknown-link.page.js';

/** Tracked links. Only targets stored with a share are ever redirected to, so the redirector is not an open one. */
@ApiExcludeController()
@Controller('l')
export class RedirectController {
  constructor(
    private readonly links: LinksService,
    private readonly recorder: ClickRecorder,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** GET records a click and sends the visitor on; HEAD only says where it would lead. */
  @Get(':id')
  @Public('the world follows these links')
  async follow(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const link = await this.links.find(id);
    if (!link)
      return void reply
        .status(404)
        .headers(pageHeaders)
        .type('text/html; charset=utf-8')
        .send(unknownLinkPage);
    const { targetUrl, ...share } = link;
    if (request.method === 'GET') {
      const visit = visitOf(request);
      const now = this.clock.now();
      const visitor = visitorHash(this.env.LAUREL_SECRET, visit, now);
      await this.recorder.record({ ...share, id: newId(), at: now, visitor, reasons: doubts(visit) });
    }
    return void reply
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer-when-downgrade')
      .redirect(targetUrl, 302);
  }
}

function visitOf(request: FastifyRequest): Visit {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    ip: request.ip,
    userAgent: header('user-agent'),
    purpose: header('sec-purpose') ?? header('purpose') ?? header('x-moz'),
  };
}
