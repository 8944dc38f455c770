import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock, ENV, newId, openRoute, pageHeaders } from '#libs/platform';
import type { Env } from '../env.js';
import { ClickJournal } from './click-journal.js';
import { clientAddress } from './client-address.js';
import { FirstSight } from './first-sight.js';
import { honeypotId } from './honeypot.js';
import { languageOf, linkPages } from './link-pages.js';
import { LinksService } from './links.service.js';
import type { Link } from './links.service.js';

/**
 * `GET /l/:id`: keeps a click and sends the visitor on; HEAD only says where it would lead. Only targets stored with a share are ever
 * redirected to, so the redirector is not an open one.
 */
@Injectable()
export class RedirectRoute implements OnModuleInit {
  private readonly sight: FirstSight;
  private readonly honeypot: string;
  private readonly addressOf: (request: IncomingMessage) => string;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly links: LinksService,
    private readonly journal: ClickJournal,
    private readonly clock: Clock,
    @Inject(ENV) env: Env,
  ) {
    this.sight = new FirstSight(env.LAUREL_SECRET);
    this.honeypot = honeypotId(env.LAUREL_SECRET);
    this.addressOf = clientAddress(env.TRUST_PROXY);
  }

  onModuleInit(): void {
    openRoute(this.host, '/l/', 'the world follows these links', (request, response, id) =>
      this.follow(request, response, id),
    );
  }

  private follow(request: IncomingMessage, response: ServerResponse, id: string): void {
    const link = this.links.known(id);
    if (link) return this.sendOn(link, request, response);
    if (id === this.honeypot) return this.trap(request, response);
    this.links.find(id).then(
      (found) => (found ? this.sendOn(found, request, response) : show('unknown', request, response)),
      () => show('later', request, response),
    );
  }

  private sendOn(
    { shareId, targetUrl, ended }: Link,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (ended) return show('ended', request, response);
    if (request.method === 'HEAD') return redirect(response, targetUrl);
    this.keep(shareId, request, () => redirect(response, targetUrl));
  }

  /** Nobody sees this link; what follows it all the same is no person. */
  private trap(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'HEAD') return show('unknown', request, response);
    this.keep(null, request, () => show('unknown', request, response));
  }

  private keep(shareId: string | null, request: IncomingMessage, kept: () => void): void {
    const sight = {
      ip: this.addressOf(request),
      userAgent: request.headers['user-agent'],
      purpose: purposeOf(request),
    };
    const at = this.clock.now().getTime();
    const visitor = this.sight.visitor(sight, at);
    this.journal.append({ id: newId(), shareId, at, visitor, reasons: this.sight.doubts(sight) }, kept);
  }
}

function purposeOf({ headers }: IncomingMessage): string | undefined {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-purpose'] ?? headers['x-moz'];
  return purpose?.toString();
}

function redirect(response: ServerResponse, targetUrl: string): void {
  response.writeHead(302, [
    'location',
    targetUrl,
    'cache-control',
    'no-store',
    'referrer-policy',
    'no-referrer-when-downgrade',
    'content-length',
    '0',
  ]);
  response.end();
}

function show(which: keyof typeof linkPages, { headers }: IncomingMessage, response: ServerResponse): void {
  const { status, texts } = linkPages[which];
  response.writeHead(status, {
    ...pageHeaders,
    'content-type': 'text/html; charset=utf-8',
    vary: 'accept-language',
    ...(status === 503 ? { 'retry-after': '10' } : {}),
  });
  response.end(texts.get(languageOf(headers['accept-language'])));
}
