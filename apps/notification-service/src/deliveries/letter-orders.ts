import { Injectable } from '@nestjs/common';
import { Clock } from '#libs/platform';
import { Answers } from '../answers/answers.service.js';
import { MailLinks } from '../pages/mail-links.js';
import type { Recipient } from '../recipients/recipients.query.js';
import type { Form } from '../templates/template.js';
import { Templates } from '../templates/templates.service.js';
import type { VersionedLetter } from '../templates/templates.service.js';
import type { MailFrameLinks, Order } from '../templates/writer.js';
import type { PersonalDelivery } from './delivery.js';
import { enrich } from './enrichment.js';

/** The template of a mail that carries several. */
export const DIGEST = 'digest';

/** Everything a batch needs to know, asked for once. */
export interface Knowledge {
  people: Map<string, Recipient>;
  /** First-login links by invitation, and links of planned shares. Credentials: they live in the mail only, never in a row or a log line. */
  links: Map<string, string>;
}

/** A delivery in words. */
export interface Lettered {
  delivery: PersonalDelivery;
  to: Recipient;
  letter: VersionedLetter;
}
/** A line of a digest opens the whole message for so long. */
const READABLE_MS = 90 * 86_400_000;

/** What letters are written of: ids become names and links. */
@Injectable()
export class LetterOrders {
  constructor(
    private readonly templates: Templates,
    private readonly answers: Answers,
    private readonly mailLinks: MailLinks,
    private readonly clock: Clock,
  ) {}

  /** The letter of one delivery; the reason when its data cannot be read. */
  of(delivery: PersonalDelivery, { people, links }: Knowledge, form: Form = 'mail'): Order | Error {
    const to = people.get(delivery.personId)!;
    try {
      const { colleague } = this.templates.language(to.locale);
      const lookup = (id: string): Recipient | undefined => people.get(id);
      const known = enrich(delivery.data, { recipientId: to.personId, lookup, colleague });
      const acceptUrl = links.get(String(delivery.data['invitationId']));
      const shareUrl = links.get(String(delivery.data['plannedShareId']));
      const data = { ...(known as Record<string, unknown>), ...this.answersOf(delivery, to) };
      return {
        id: delivery.template,
        to,
        data: { ...data, ...(acceptUrl && { acceptUrl }), ...(shareUrl && { shareUrl }) },
        links: this.linksOf(to),
        form,
      };
    } catch (error) {
      return error as Error;
    }
  }

  /** The links of a question, each with what its answer is called. */
  private answersOf({ id, template, answers }: PersonalDelivery, { locale }: Recipient): object {
    if (!answers) return {};
    const links = this.answers.linksFor(id, answers.options, new Date(answers.expiresAt));
    return {
      answers: links.map((link) => ({
        ...link,
        label: this.templates.answerLabel(template, locale, link.value),
      })),
    };
  }

  private linksOf({ personId }: Recipient): MailFrameLinks {
    return {
      unsubscribeUrl: this.mailLinks.urlFor('unsubscribe', personId),
      pauseUrl: this.mailLinks.urlFor('pause', personId),
      preferencesUrl: this.mailLinks.urlFor('preferences', personId),
    };
  }

  /** One mail of many: a line for each, which opens the whole of it. */
  digestOf(items: readonly Lettered[]): Order {
    const { to } = items[0]!;
    const expiry = new Date(this.clock.now().getTime() + READABLE_MS);
    const lines = items.map(({ delivery, letter: { subject, preview } }) => ({
      subject,
      preview,
      url: this.mailLinks.urlFor('letters', delivery.id, expiry),
    }));
    return { id: DIGEST, to, data: { count: lines.length, items: lines }, links: this.linksOf(to) };
  }
}
