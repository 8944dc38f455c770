import { Injectable } from '@nestjs/common';
import { Clock, DomainError, newId, notFound } from '#libs/platform';
import { Suppressions } from '../bounces/suppressions.service.js';
import { refusal } from '../deliveries/gate.js';
import { MailRefused, frameOf, inFrame } from '../channels/mail.js';
import type { Mail } from '../channels/mail.js';
import { Mailer } from '../channels/mailer.js';
import { MailLinks } from '../pages/mail-links.js';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import type { Recipient } from '../recipients/recipients.query.js';
import { Drafts } from '../templates/drafts.service.js';
import type { Letter } from '../templates/writer.js';
import type { TrialOrder } from './trials.controller.js';

/** How a trial went; `unknown` may have arrived. */
export interface TrialResult {
  state: 'sent' | 'failed' | 'unknown';
  reason: string | null;
  messageId: string;
  locale: string;
}

/** What a trial says of itself before its subject. */
const MARK = '[Test] ';

/** Sends samples of templates to single persons, outside of deliveries. */
@Injectable()
export class Trials {
  constructor(
    private readonly drafts: Drafts,
    private readonly recipients: Recipients,
    private readonly suppressions: Suppressions,
    private readonly mailer: Mailer,
    private readonly mailLinks: MailLinks,
    private readonly programme: Programme,
    private readonly clock: Clock,
  ) {}

  /** Throws a 404 for an unknown person, a 409 for one who must not be written to, a 422 for a template that is wrong. */
  async send(id: string, { personId, locale, draft }: TrialOrder): Promise<TrialResult> {
    const to = await this.recipient(personId);
    const { letter } = await this.drafts.show(id, draft, locale ?? to.locale);
    if (!letter)
      throw new DomainError(
        'template_wrong',
        422,
        `The template has mistakes; GET its lint${draft ? '?draft=true' : ''} names them.`,
      );
    const mail = this.addressed(id, to, letter);
    const outcome = await this.mailer.send(mail);
    const state = outcome.kind === 'sent' || outcome.kind === 'unknown' ? outcome.kind : 'failed';
    const reason = 'reason' in outcome ? outcome.reason : null;
    return { state, reason, messageId: mail.messageId, locale: letter.locale };
  }

  private async recipient(personId: string): Promise<Recipient> {
    const to = (await this.recipients.know([personId])).get(personId);
    if (!to) throw notFound('person', personId);
    const suppressed = (await this.suppressions.among([to])).get(personId);
    const refused = refusal({ ...to, suppressed }, this.clock.now());
    if (refused !== null) throw new DomainError('trial_refused', 409, `No test is sent: ${refused}.`);
    return to;
  }

  private addressed(template: string, to: Recipient, letter: Letter): Mail {
    const id = newId();
    try {
      const frame = frameOf({
        delivery: { id, intentKey: `test:${id}`, template },
        to,
        unsubscribeUrl: this.mailLinks.urlFor('unsubscribe', to.personId),
        programme: this.programme.settings,
        date: this.clock.now(),
      });
      const headers = { ...frame.headers, 'X-Laurel-Test': 'true' };
      return inFrame({ ...frame, headers }, { ...letter, subject: `${MARK}${letter.subject}` });
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      throw new DomainError('trial_refused', 422, `No test is sent: ${error.message}.`);
    }
  }
}
