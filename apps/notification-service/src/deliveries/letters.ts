import { Injectable } from '@nestjs/common';
import { afterQuietHours } from '#libs/calendar';
import { Requests } from '#libs/messaging';
import { Clock } from '#libs/platform';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { Answers } from '../answers/answers.service.js';
import { MailLinks } from '../pages/mail-links.js';
import { Templates } from '../templates/templates.service.js';
import type { ClaimedDelivery, Outcome } from './delivery.js';
import { enrich, isUuid, personIdsIn } from './enrichment.js';
import { composeMail } from './mail.js';
import type { Mail } from './mail.js';

/** Either a mail to send or the reason why there is none. */
export type Written = { mail: Mail } | { outcome: Outcome };

/** Everything a batch needs to know, asked for once. */
interface Knowledge {
  people: Map<string, Recipient>;
  /** First-login links by invitation. Credentials: they live in the mail only, never in a row or a log line. */
  links: Map<string, string>;
}

/** Turns claimed deliveries into mails: resolves ids to names and links, then renders. */
@Injectable()
export class Letters {
  constructor(
    private readonly recipients: Recipients,
    private readonly requests: Requests,
    private readonly templates: Templates,
    private readonly answers: Answers,
    private readonly mailLinks: MailLinks,
    private readonly clock: Clock,
    private readonly programme: Programme,
  ) {}

  /** One question per kind and batch. Throws when nobody answers; then nothing was sent and the batch can be given back. */
  async write(batch: readonly ClaimedDelivery[]): Promise<Written[]> {
    const ids = batch.flatMap(({ personId, data }) => [personId, ...personIdsIn(data)]);
    const people = await this.recipients.know(ids);
    const links = await this.linksFor(
      batch.filter(({ personId }) => !refusal(people.get(personId), this.clock.now())),
    );
    return batch.map((delivery) => this.writeOne(delivery, { people, links }));
  }

  private async linksFor(batch: readonly ClaimedDelivery[]): Promise<Map<string, string>> {
    const invitationIds = [...new Set(batch.map(({ data }) => data['invitationId']).filter(isUuid))];
    if (invitationIds.length === 0) return new Map();
    const { links } = await this.requests.ask('invitations.links', { invitationIds });
    return new Map(links.map(({ invitationId, url }) => [invitationId, url]));
  }

  private writeOne(delivery: ClaimedDelivery, { people, links }: Knowledge): Written {
    const to = people.get(delivery.personId);
    const now = this.clock.now();
    const refused = refusal(to, now) ?? withoutLink(delivery, links) ?? tooLate(delivery, now);
    if (!to || refused) return { outcome: { kind: 'suppressed', reason: refused ?? unknown } };
    const until = this.quietUntil(to, now);
    if (until > now) return { outcome: { kind: 'quiet', until } };
    try {
      return { mail: this.compose(delivery, to, { people, links }) };
    } catch (error) {
      // Whatever is wrong with one letter (its data, its template, its address) must not hold up the batch.
      return { outcome: { kind: 'failed', reason: (error as Error).message } };
    }
  }

  /** When this person may be disturbed again: now, or the end of the programme's quiet hours where they live. */
  private quietUntil({ zone }: Recipient, now: Date): Date {
    const quiet = this.programme.settings.quiet_hours;
    return quiet ? new Date(afterQuietHours(now.getTime(), zone, quiet)) : now;
  }

  /** The links of a question, each with what its answer is called. */
  private answersOf({ id, template, answers }: ClaimedDelivery, { locale }: Recipient): object {
    if (!answers) return {};
    const links = this.answers.linksFor(id, answers.options, new Date(answers.expiresAt));
    return {
      answers: links.map((link) => ({
        ...link,
        label: this.templates.answerLabel(template, locale, link.value),
      })),
    };
  }

  private compose(delivery: ClaimedDelivery, to: Recipient, { people, links }: Knowledge): Mail {
    const { colleague } = this.templates.language(to.locale);
    const lookup = (id: string): Recipient | undefined => people.get(id);
    const data = enrich(delivery.data, { recipientId: to.personId, lookup, colleague }) as Record<
      string,
      unknown
    >;
    const link = links.get(String(delivery.data['invitationId']));
    const unsubscribeUrl = this.mailLinks.urlFor('unsubscribe', to.personId);
    const pauseUrl = this.mailLinks.urlFor('pause', to.personId);
    const letter = this.templates.write(
      delivery.template,
      to,
      { ...data, ...this.answersOf(delivery, to), ...(link ? { acceptUrl: link } : {}) },
      { unsubscribeUrl, pauseUrl },
    );
    return composeMail({
      delivery,
      to,
      letter,
      unsubscribeUrl,
      programme: this.programme.settings,
      date: this.clock.now(),
    });
  }
}

const unknown = 'there is no such person';

/** Why this person gets no mail, or null. */
function refusal(person: Recipient | undefined, now: Date): string | null {
  if (!person) return unknown;
  if (!person.active) return 'the person is no longer active';
  if (!person.consentsMail) return 'the person does not consent to programme mail';
  if (person.unsubscribedAt) return 'the person unsubscribed';
  if (person.pausedUntil && person.pausedUntil > now)
    return `the person wants no mails until ${person.pausedUntil.toISOString()}`;
  return null;
}

/** A question that can no longer be answered is not asked. */
function tooLate({ answers }: ClaimedDelivery, now: Date): string | null {
  return answers && new Date(answers.expiresAt) <= now ? 'the time to answer is over' : null;
}

function withoutLink({ data }: ClaimedDelivery, links: ReadonlyMap<string, string>): string | null {
  if (!isUuid(data['invitationId']) || links.has(data['invitationId'])) return null;
  return 'the invitation is accepted or has expired';
}
