import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock, pageHeaders } from '#libs/platform';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import { Templates } from '../templates/templates.service.js';
import { Recipients } from './recipients.service.js';
import type { Recipient } from './recipients.query.js';
import { subscriptionPage } from './subscription.page.js';
import type { PageState } from './subscription.page.js';

/** The two ways not to get mails: for good, or for a while. */
export type Way = 'unsubscribe' | 'pause';

/** The pause of the page behind the link of its own; the page of preferences has a longer one too. */
const PAUSE_DAYS = 30;

/** Shows and changes whether somebody gets mails, by the signed link of one of them. */
@Injectable()
export class SubscriptionPages {
  constructor(
    private readonly links: MailLinks,
    private readonly recipients: Recipients,
    private readonly templates: Templates,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** Changes nothing. */
  async show(way: Way, token: string, reply: FastifyReply): Promise<string> {
    const personId = this.personOf(way, token);
    if (personId === null) return this.page(reply, way, token, 'invalid');
    const recipient = await this.recipients.find(personId);
    const state = recipient && this.isDone(way, recipient) ? 'done' : 'question';
    return this.page(reply, way, token, state, recipient?.locale);
  }

  /** Does it, or takes it back; doing it twice is doing it once. */
  async change(way: Way, token: string, state: 'done' | 'back', reply: FastifyReply): Promise<string> {
    const personId = this.personOf(way, token);
    if (personId === null) return this.page(reply, way, token, 'invalid');
    if (way === 'pause') await this.recipients.setPaused(personId, state === 'done' ? PAUSE_DAYS : 0);
    else await this.recipients.setSubscribed(personId, state === 'back');
    const recipient = await this.recipients.find(personId);
    return this.page(reply, way, token, state, recipient?.locale);
  }

  private personOf(way: Way, token: string): string | null {
    const reading = this.links.read(way, token);
    return reading.ok ? reading.subject : null;
  }

  private isDone(way: Way, { unsubscribedAt, pausedUntil }: Recipient): boolean {
    return way === 'unsubscribe'
      ? unsubscribedAt !== null
      : pausedUntil !== null && pausedUntil > this.clock.now();
  }

  private page(
    reply: FastifyReply,
    way: Way,
    token: string,
    state: PageState,
    locale = this.programme.settings.locales[0]!,
  ): string {
    void reply
      .status(state === 'invalid' ? 404 : 200)
      .headers(pageHeaders)
      .type('text/html; charset=utf-8');
    const language = this.templates.language(locale);
    return subscriptionPage(state, language.pages[way], language, this.programme.settings, token);
  }
}
